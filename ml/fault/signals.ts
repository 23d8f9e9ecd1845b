import { Random } from '../dataset/random.ts';

/** A recording of vibration, and the class that it is of. */
export interface Signal {
  readonly name: string;
  /** Index of its class. */
  readonly label: number;
  /** [channels] of [samples], in the order of the channels' names. */
  readonly channels: readonly Float32Array[];
}

/** A stretch of one signal: samples [from, to). */
export interface Stretch {
  readonly signal: number;
  readonly from: number;
  readonly to: number;
}

/** Windows of signals: the first sample of each. */
export interface SignalWindows {
  readonly signals: Int32Array;
  readonly starts: Int32Array;
}

export interface SignalSplit {
  readonly training: Stretch[];
  readonly validation: Stretch[];
  /** Whether whole recordings validate, or stretches of all of them. */
  readonly by: 'recording' | 'stretch';
}

/** Recordings of each class from which on whole ones validate. */
const RECORDINGS_TO_SPLIT = 3;
/** Stretches that a recording is cut into, and how many of them validate. */
const STRETCHES = 10;
const VALIDATING = 2;
/** Share of the recordings of a class that validates. */
const SHARE = 0.2;

/** Whether whole recordings can validate: every class has enough of them. */
export const splitBy = (signals: readonly Signal[]): SignalSplit['by'] =>
  [...new Set(signals.map(({ label }) => label))].every((label) => signals.filter((signal) => signal.label === label).length >= RECORDINGS_TO_SPLIT) ? 'recording' : 'stretch';

const lengthOf = ({ channels }: Signal): number => channels[0]?.length ?? 0;

const byRecording = (signals: readonly Signal[], random: Random): SignalSplit => {
  const validates = new Set<number>();
  for (const label of new Set(signals.map((signal) => signal.label))) {
    const own = random.shuffle([...signals.keys()].filter((index) => signals[index]?.label === label));
    for (const index of own.slice(0, Math.max(1, Math.round(SHARE * own.length)))) validates.add(index);
  }
  const whole = (index: number): Stretch => ({ signal: index, from: 0, to: signals[index] === undefined ? 0 : lengthOf(signals[index]) });
  const every = [...signals.keys()];
  return { training: every.filter((index) => !validates.has(index)).map(whole), validation: every.filter((index) => validates.has(index)).map(whole), by: 'recording' };
};

/** Cuts a recording into stretches, some of which validate; around each of those a gap of one window belongs to neither side. */
const cutRecording = (signal: number, samples: number, window: number, random: Random): Omit<SignalSplit, 'by'> => {
  const stretches = Math.min(STRETCHES, Math.max(3, Math.floor(samples / (2 * window))));
  const validates = new Set(random.shuffle(Array.from({ length: stretches }, (_, at) => at)).slice(0, Math.max(1, Math.round((VALIDATING * stretches) / STRETCHES))));
  const edge = (at: number): number => Math.round((at * samples) / stretches);
  const parts = Array.from({ length: stretches }, (_, at) => ({ at, signal, from: edge(at), to: edge(at + 1) }));
  const gapped = ({ at, from, to }: (typeof parts)[number]): Stretch => ({ signal, from: validates.has(at - 1) ? from + window : from, to: validates.has(at + 1) ? to - window : to });
  return { validation: parts.filter(({ at }) => validates.has(at)).map(({ from, to }) => ({ signal, from, to })), training: parts.filter(({ at }) => !validates.has(at)).map(gapped) };
};

/**
 * What is learned from and what validates: whole recordings where each class has enough of them, else stretches of each recording with
 * a gap of one window on either side. No sample is on both sides, and no window of one side reaches into the other.
 * @param window samples of one window
 */
export const splitSignals = (signals: readonly Signal[], window: number, seed: number): SignalSplit => {
  const random = Random.of(seed, 'split');
  if (splitBy(signals) === 'recording') return byRecording(signals, random);
  const cut = signals.map((signal, index) => cutRecording(index, lengthOf(signal), window, random));
  return { training: cut.flatMap(({ training }) => training), validation: cut.flatMap(({ validation }) => validation), by: 'stretch' };
};

/** Windows one after the other, none overlapping another. */
export const windowsIn = (stretches: readonly Stretch[], window: number): SignalWindows => {
  const found = stretches.flatMap(({ signal, from, to }) => Array.from({ length: Math.max(0, Math.floor((to - from) / window)) }, (_, at) => ({ signal, start: from + at * window })));
  return { signals: Int32Array.from(found, ({ signal }) => signal), starts: Int32Array.from(found, ({ start }) => start) };
};

/** A window at a random place of random stretches, drawn by their length within each class, the classes in turn. @param reach samples that a window reaches over */
export const drawWindows = (signals: readonly Signal[], stretches: readonly Stretch[], count: number, reach: number, random: Random): SignalWindows => {
  const byClass = new Map<number, Stretch[]>();
  for (const stretch of stretches) {
    const label = signals[stretch.signal]?.label ?? -1;
    if (stretch.to - stretch.from >= reach) byClass.set(label, [...(byClass.get(label) ?? []), stretch]);
  }
  const classes = [...byClass.values()];
  const room = (stretch: Stretch): number => stretch.to - stretch.from - reach + 1;
  const drawn = Array.from({ length: count }, (_, at) => {
    const own = classes[at % classes.length] ?? [];
    let place = random.integer(own.reduce((sum, stretch) => sum + room(stretch), 0));
    for (const stretch of own) {
      if (place < room(stretch)) return { signal: stretch.signal, start: stretch.from + place };
      place -= room(stretch);
    }
    throw new Error('A window lies in one of the stretches.');
  });
  return { signals: Int32Array.from(drawn, ({ signal }) => signal), starts: Int32Array.from(drawn, ({ start }) => start) };
};
