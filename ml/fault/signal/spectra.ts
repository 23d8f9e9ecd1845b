import { addPower } from './fourier.ts';

/** What a window of a vibration signal is turned into, channel by channel. */
export interface SpectraShape {
  /** Samples of a window; a power of two. */
  readonly samples: number;
  /** Bins of the spectrum: half of the length of the segments that it is averaged over. */
  readonly spectrum: number;
  /** Bins of the envelope's spectrum, from the lowest on. */
  readonly envelope: number;
}

/** Segments of an eighth to a quarter of the window, and the slow half of what the envelope can show. */
export const spectraShape = (samples: number): SpectraShape => ({ samples, spectrum: Math.min(256, samples / 8), envelope: Math.min(128, samples / 8) });

/** Rows of one packed window: samples, spectrum, envelope spectrum, one after the other. */
export const packedRows = ({ samples, spectrum, envelope }: SpectraShape): number => samples + spectrum + envelope;

/** Logarithms less their mean: the level of the signal is no part of it, its colour is. Half the natural logarithm of power, so that one is a factor e in amplitude. */
const logarithmic = (power: Float64Array): Float64Array => {
  const whole = power.reduce((sum, value) => sum + value, 0) / power.length;
  const logs = power.map((value) => Math.log(value + 1e-5 * whole + 1e-12) / 2);
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  return logs.map((value) => value - mean);
};

/** Scales one channel of a window to mean 0 and standard deviation 1, in place: load and gain change the level, not the pattern. A dead channel stays 0. */
export const normaliseChannel = (channel: Float32Array): void => {
  const mean = channel.reduce((sum, value) => sum + value, 0) / channel.length;
  const spread = Math.sqrt(channel.reduce((sum, value) => sum + (value - mean) ** 2, 0) / channel.length);
  for (let at = 0; at < channel.length; at++) channel[at] = spread > 1e-12 ? ((channel[at] ?? 0) - mean) / spread : 0;
};

/** Log spectrum of a normalised channel, averaged over half-overlapping segments (Welch 1967): [spectrum]. */
const spectrumOf = (channel: Float32Array, bins: number): Float64Array => {
  const power = new Float64Array(bins);
  for (let start = 0; start + 2 * bins <= channel.length; start += bins) addPower((at) => channel[start + at] ?? 0, 2 * bins, power);
  return logarithmic(power);
};

/** Log spectrum of the rectified signal, in which impacts that recur stand out as lines at their rate (envelope analysis): [envelope]. */
const envelopeOf = (channel: Float32Array, bins: number): Float64Array => {
  const mean = channel.reduce((sum, value) => sum + Math.abs(value), 0) / channel.length;
  const power = new Float64Array(bins);
  addPower((at) => Math.abs(channel[at] ?? 0) - mean, channel.length, power);
  return logarithmic(power);
};

/**
 * Packs a window for the network: the samples of each channel, normalised within the window, then its spectra.
 * @param channels [channels] of [samples]; normalised in place
 * @param into row-major [packedRows, channels] at `at`
 */
export const packWindow = (channels: readonly Float32Array[], { samples, spectrum, envelope }: SpectraShape, into: Float32Array, at: number): void => {
  channels.forEach((channel, place) => {
    normaliseChannel(channel);
    const put = (values: ArrayLike<number>, row: number, count: number): void => {
      for (let k = 0; k < count; k++) into[at + (row + k) * channels.length + place] = values[k] ?? 0;
    };
    put(channel, 0, samples);
    put(spectrumOf(channel, spectrum), samples, spectrum);
    put(envelopeOf(channel, envelope), samples + spectrum, envelope);
  });
};
