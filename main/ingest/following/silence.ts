import type { Micros } from '../../contract/values.ts';

/** Arrivals by which it is known how often rows usually come. */
const arrivals = 20;
const fewestArrivals = 5;
/** Silence is told after so many of the usual gaps, and never before a minute. */
const gapsOfSilence = 10;
const leastSilence = 60_000_000;

/** A round that comes so late means that the machine slept, or that its clock was set: what should have come gets time to come. Microseconds. */
const sleptAfter = 30_000_000;

/** Tells since when a source has been silent, by how often its rows usually come or by a stated time. Sleep and clock jumps are no silence. */
export class Silence {
  private readonly stated: number | null;
  private readonly gaps: number[] = [];
  private lastArrival: Micros | null;
  private lastLook: Micros | null = null;
  /** Silence counts from here on at the earliest. */
  private from: Micros | null = null;

  /** `statedSeconds`: null where it is found from the arrivals. `lastArrival`: when rows came in last, before this start. */
  constructor(statedSeconds: number | null, lastArrival: Micros | null) {
    this.stated = statedSeconds === null ? null : statedSeconds * 1e6;
    this.lastArrival = lastArrival;
  }

  arrived(now: Micros): void {
    if (this.lastArrival !== null && this.from === null && now > this.lastArrival) {
      this.gaps.push(now - this.lastArrival);
      if (this.gaps.length > arrivals) this.gaps.shift();
    }
    this.from = null;
    this.lastArrival = now;
  }

  /** When the newest row came, where it should have been followed by others by now; else null. */
  since(now: Micros): Micros | null {
    const slept = this.lastLook === null || now - this.lastLook > sleptAfter || now < this.lastLook;
    this.lastLook = now;
    if (slept) this.from = now;
    const limit = this.stated ?? this.usual();
    if (this.lastArrival === null || limit === null) return null;
    return now - Math.max(this.lastArrival, this.from ?? 0) > limit ? this.lastArrival : null;
  }

  private usual(): number | null {
    if (this.gaps.length < fewestArrivals) return null;
    return Math.max(leastSilence, gapsOfSilence * Math.max(...this.gaps));
  }
}
