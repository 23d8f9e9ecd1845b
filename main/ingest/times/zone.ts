import { IANAZone } from 'luxon';
import { microsPerDay, microsPerHour, microsPerMinute } from './civil.ts';

/** A day of the wall clock: its constant offset, or 'changes' where the clocks are changed on it. */
type Day = number | 'changes';

const fixedOffset = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/;

/** Offset in minutes of a zone named by its offset (UTC, UTC+2, GMT-06:00); null for others. */
export const offsetOfName = (zone: string): number | null => {
  if (zone === 'UTC' || zone === 'GMT' || zone === 'Etc/UTC') return 0;
  const match = fixedOffset.exec(zone);
  if (!match) return null;
  return (Number(match[2]) * 60 + Number(match[3] ?? 0)) * (match[1] === '-' ? -1 : 1) || 0;
};

/**
 * From the clock on the site's wall to UTC. Days without a change of clocks cost one look-up. A repeated hour is told apart by the
 * order of the rows: a time is in the first pass unless that would be before the row before it.
 */
export class WallClock {
  private readonly fixed: number | null;
  private readonly zone: IANAZone | null;
  private readonly days = new Map<number, Day>();
  private readonly offsets = new Map<number, number>();

  /** `zone`: an IANA name, 'UTC', or an offset such as 'UTC+2' or 'GMT-06:00'. */
  constructor(zone: string) {
    this.fixed = offsetOfName(zone);
    this.zone = this.fixed === null ? IANAZone.create(zone) : null;
  }

  /** False for zones of one fixed offset. */
  get hasChanges(): boolean {
    return this.zone !== null;
  }

  /**
   * UTC in microseconds of a wall-clock moment; NaN for a moment that the clocks skipped. `before`: UTC of the row before, or NaN. `isDescending`:
   * each row is earlier than the one before it. `step`: microseconds from row to row, or 0.
   */
  toUtc(local: number, before: number, { isDescending, step }: { isDescending: boolean; step: number } = { isDescending: false, step: 0 }): number {
    if (this.fixed !== null) return local - this.fixed * microsPerMinute;
    const day = Math.floor(local / microsPerDay);
    const known = this.days.get(day) ?? this.learn(day);
    if (known !== 'changes') return local - known;
    const first = local - this.offsetBefore(local);
    const second = local - this.offsetAfter(local);
    const firstHolds = first + this.offsetAt(first) === local;
    const secondHolds = second + this.offsetAt(second) === local;
    if (!firstHolds && !secondHolds) return NaN;
    if (!firstHolds) return second;
    if (!secondHolds || first === second) return first;
    const [earlier, later] = first < second ? [first, second] : [second, first];
    // Rows a whole pass apart show the same clock twice, one row after the other.
    const isTwice = step >= later - earlier;
    if (isDescending) return (later > before || (isTwice && later === before)) && earlier <= before ? earlier : later;
    return (earlier < before || (isTwice && earlier === before)) && later >= before ? later : earlier;
  }

  /** What the wall clock shows at a moment of UTC, in microseconds as if it were UTC's. */
  toLocal(utc: number): number {
    return utc + (this.fixed === null ? this.offsetAt(utc) : this.fixed * microsPerMinute);
  }

  /** UTC of the start of a wall-clock day whose offset is constant; NaN where the clocks change on it. */
  startOfDay(day: number): number {
    if (this.fixed !== null) return day * microsPerDay - this.fixed * microsPerMinute;
    const known = this.days.get(day) ?? this.learn(day);
    return known === 'changes' ? NaN : day * microsPerDay - known;
  }

  /** Offset in microseconds that holds at a moment of UTC. */
  private offsetAt(utc: number): number {
    const quarter = Math.floor(utc / (15 * microsPerMinute));
    const known = this.offsets.get(quarter);
    if (known !== undefined) return known;
    const offset = (this.zone?.offset(quarter * 15 * 60_000) ?? 0) * microsPerMinute;
    this.offsets.set(quarter, offset);
    return offset;
  }

  private offsetBefore(local: number): number {
    return this.offsetAt(local - 15 * microsPerHour - this.offsetAt(local));
  }

  private offsetAfter(local: number): number {
    return this.offsetAt(local + 15 * microsPerHour - this.offsetAt(local));
  }

  /** No zone changes its clocks twice within three days, so equal offsets on both sides mean none between. */
  private learn(day: number): Day {
    const before = this.offsetAt((day - 1) * microsPerDay);
    const after = this.offsetAt((day + 2) * microsPerDay);
    const known: Day = before === after ? before : 'changes';
    this.days.set(day, known);
    return known;
  }
}
