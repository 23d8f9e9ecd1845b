import { CHANNELS, type Channel, type Channels } from './channels.ts';
import { evidenceOf } from './evidence.ts';
import type { Wander } from './wander.ts';
import type { Stretch } from './windows.ts';

export interface FollowSettings {
  /** Rows by which levels lag behind. */
  readonly lag: number;
  /** Sum of evidence from which a row is anomalous. */
  readonly limit: number;
  /** Rows that the detector was fitted to: so long is its memory; 0: it does not go on learning. */
  readonly memory: number;
  /** What is watched of each sensor; a score is of these alone. */
  readonly watched: readonly Channel[];
}

/** Hears of each row: its score (1 at the limit) and the evidence of each channel. */
export type HearRow = (row: number, score: number, evidence: Float64Array) => void;

/** What is known of healthy running along the rows: level of each channel, and how far it strays. */
class Known {
  readonly level: Float64Array;
  private readonly learnt: Float64Array;
  private readonly seen: Float64Array;
  private readonly pace: readonly number[];
  private readonly memory: number;

  constructor({ level, variance, follow }: Wander, memory: number) {
    this.level = Float64Array.from(level);
    this.learnt = Float64Array.from(variance);
    this.seen = Float64Array.from(variance);
    this.pace = follow;
    this.memory = memory;
  }

  /** Deviation of a value in standard deviations: of what was learnt, or seen since where that is more. */
  deviation(channel: number, value: number): number {
    return (value - (this.level[channel] ?? 0)) / Math.sqrt(Math.max(this.learnt[channel] ?? 1, this.seen[channel] ?? 1));
  }

  /** A healthy row: the level moves towards it, and how far it strayed is remembered for as many rows as the fit was made of. */
  learn(channel: number, value: number): void {
    const away = value - (this.level[channel] ?? 0);
    this.seen[channel] = (this.seen[channel] ?? 0) + (away * away - (this.seen[channel] ?? 0)) / this.memory;
    this.level[channel] = (this.level[channel] ?? 0) + (this.pace[channel] ?? 0) * away;
  }

  /** A state that has lasted as long as all healthy running that is known can't be told from a new normal: it becomes it. */
  accept(channel: number, value: number): void {
    const away = value - (this.level[channel] ?? 0);
    this.learnt[channel] = Math.max(this.learnt[channel] ?? 0, away * away);
    this.level[channel] = value;
  }
}

/**
 * Goes along the rows of a stretch and scores each: the sum of its channels' evidence over the limit. With a memory it goes on
 * learning from the rows `lag` before, unless there was an alarm since; an alarm of as many rows as the memory ends in a new
 * level. Looks back only; what is not known yet (NaN) says nothing.
 */
export const follow = ({ values, width }: Channels, { from, to }: Stretch, wander: Wander, { lag, limit, memory, watched }: FollowSettings, hear: HearRow): void => {
  const counted = Array.from({ length: width }, (_, channel) => channel).filter((channel) => watched.some((one) => CHANNELS.indexOf(one) === channel % CHANNELS.length));
  const known = new Known(wander, memory);
  const evidence = new Float64Array(width);
  let lastAlarm = Number.NEGATIVE_INFINITY;
  let alarmed = 0;
  const each = (row: number, does: (channel: number, value: number) => void): void => {
    for (const channel of counted) {
      const value = values[row * width + channel] ?? Number.NaN;
      if (!Number.isNaN(value)) does(channel, value);
    }
  };
  for (let row = from; row < to; row++) {
    let sum = 0;
    evidence.fill(0);
    each(row, (channel, value) => {
      const told = evidenceOf(known.deviation(channel, value));
      evidence[channel] = told;
      sum += told;
    });
    const score = sum / limit;
    hear(row, score, evidence);
    if (memory === 0) continue;
    if (score > 1) {
      lastAlarm = row;
      alarmed++;
    } else if (row - lastAlarm > lag) alarmed = 0;
    if (alarmed > memory) {
      each(row, (channel, value) => known.accept(channel, value));
      alarmed = 0;
      lastAlarm = Number.NEGATIVE_INFINITY;
    }
    if (row - lag >= from && lastAlarm < row - lag) each(row - lag, (channel, value) => known.learn(channel, value));
  }
};
