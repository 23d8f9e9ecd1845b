import type { Random } from '../../dataset/random.ts';

/** How a training window is varied, so that what load, speed and mounting change is not taken for the fault. */
export interface Variation {
  /** Spread of the taps of a random filter: colours the spectrum as another load or another path to the sensor would. */
  readonly colour: number;
  /** Largest change of speed: 0.05 is 5 % faster or slower. */
  readonly speed: number;
  /** Spread of white noise, in standard deviations of the channel. */
  readonly noise: number;
  /** Chance that a channel is silent, while others speak. */
  readonly silence: number;
}

export const unvaried: Variation = { colour: 0, speed: 0, noise: 0, silence: 0 };

const TAPS = 12;
const FADING = 0.8;

/** A filter of a direct path and random, fading echoes. */
const filterOf = (spread: number, random: Random): Float32Array => Float32Array.from({ length: TAPS }, (_, tap) => (tap === 0 ? 1 : spread * FADING ** tap * random.normal()));

/** One channel of a signal from `start` on, at another speed (linear between samples) and coloured: [samples]. */
const channelOf = (signal: Float32Array, start: number, samples: number, pace: number, filter: Float32Array | null): Float32Array => {
  const result = new Float32Array(samples);
  for (let at = 0; at < samples; at++) {
    const place = start + at * pace;
    const whole = Math.floor(place);
    const share = place - whole;
    const before = signal[whole] ?? 0;
    result[at] = share === 0 ? before : before + share * ((signal[whole + 1] ?? before) - before);
  }
  if (filter === null) return result;
  const coloured = new Float32Array(samples);
  for (let at = 0; at < samples; at++) {
    let sum = 0;
    const taps = Math.min(filter.length, at + 1);
    for (let tap = 0; tap < taps; tap++) sum += (filter[tap] ?? 0) * (result[at - tap] ?? 0);
    coloured[at] = sum;
  }
  return coloured;
};

const addNoise = (channel: Float32Array, spread: number, random: Random): void => {
  const size = Math.sqrt(channel.reduce((sum, value) => sum + value * value, 0) / channel.length);
  for (let at = 0; at < channel.length; at++) channel[at] = (channel[at] ?? 0) + spread * size * random.normal();
};

/** Samples of a signal that a window at the slowest pace reaches over. */
export const reachOf = (samples: number, { speed }: Variation): number => Math.ceil(samples * (1 + speed)) + 1;

/**
 * One window of a signal, varied at random: [channels] of [samples], the caller's own.
 * @param signal [channels] of all samples
 */
export const variedWindow = (signal: readonly Float32Array[], start: number, samples: number, variation: Variation, random: Random): Float32Array[] => {
  const pace = variation.speed > 0 ? 1 + variation.speed * (2 * random.next() - 1) : 1;
  const channels = signal.map((channel) => channelOf(channel, start, samples, pace, variation.colour > 0 ? filterOf(variation.colour, random) : null));
  if (variation.noise > 0) for (const channel of channels) addNoise(channel, variation.noise * random.next(), random);
  const speaks = random.integer(channels.length);
  if (variation.silence > 0) channels.forEach((channel, place) => (place !== speaks && random.next() < variation.silence ? channel.fill(0) : undefined));
  return channels;
};
