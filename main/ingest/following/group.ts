import { AppError, type ErrorCode } from '../../contract/errors.ts';
import type { SourceId } from '../../contract/values.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Plant } from '../../store/plant.ts';
import type { SourceCounts } from '../../store/records/sources.ts';
import type { Committed } from '../storing/commit.ts';
import type { Tail } from './tail.ts';

/** Records that a transaction takes at most before it is committed in the middle of a round. */
const mostRecords = 100_000;
const mostTails = 500;

/** Errors that are one file's own: the others of its transaction go on without it. */
const ownFaults = new Set<ErrorCode>(['file-not-understood', 'mapping-invalid', 'input-invalid']);

export const isOwnFault = (error: AppError): boolean => ownFaults.has(error.code);

/** Whose tails they are. */
export interface TailOwner {
  /** It is on the disk. */
  stored(tail: Tail, counts: Committed): void;
  /** This file alone can't be stored. */
  refused(tail: Tail, error: AppError): void;
  /** Nothing of what waited was stored: the disk, the lock, the database. All its tails are out of step with what is stored. */
  undone(error: AppError): void;
}

const countsOf = (counts: Committed): SourceCounts => ({ rows: counts.rowsStored, late: counts.late, duplicates: counts.duplicates, replaced: counts.replaced });

/**
 * Files of one round whose rows are stored in one transaction: three hundred files that each bring a row cost one write to the disk, not
 * three hundred.
 */
export class CommitGroup {
  private readonly plant: Plant;
  private readonly clock: Clock;
  private readonly waiting = new Map<Tail, TailOwner>();

  constructor(plant: Plant, clock: Clock) {
    this.plant = plant;
    this.clock = clock;
  }

  add(tail: Tail, owner: TailOwner): void {
    this.waiting.set(tail, owner);
    let records = 0;
    for (const one of this.waiting.keys()) records += one.waiting;
    if (records >= mostRecords || this.waiting.size >= mostTails) this.flush();
  }

  /** Commits what waits. Troubles of the store undo all of it and are told to every owner. */
  flush(): void {
    if (this.waiting.size === 0) return;
    const tails = [...this.waiting];
    this.waiting.clear();
    const done: [Tail, TailOwner, Committed][] = [];
    const refused: [Tail, TailOwner, AppError][] = [];
    try {
      this.plant.transaction(() => {
        for (const [tail, owner] of tails) this.store(tail, owner, done, refused);
        this.count(done);
      });
    } catch (thrown) {
      const error = AppError.of(thrown);
      for (const owner of new Set(tails.map(([, each]) => each))) owner.undone(error);
      return;
    }
    for (const [tail, owner, error] of refused) owner.refused(tail, error);
    for (const [tail, owner, counts] of done) owner.stored(tail, counts);
    this.seal(new Set(done.map(([, owner]) => owner)));
  }

  private store(tail: Tail, owner: TailOwner, done: [Tail, TailOwner, Committed][], refused: [Tail, TailOwner, AppError][]): void {
    try {
      done.push([tail, owner, tail.store()]);
    } catch (thrown) {
      const error = AppError.of(thrown);
      if (!isOwnFault(error)) throw thrown;
      refused.push([tail, owner, error]);
    }
  }

  private count(done: readonly [Tail, TailOwner, Committed][]): void {
    const bySource = new Map<SourceId, SourceCounts>();
    for (const [tail, , counts] of done) {
      const own = countsOf(counts);
      const sum = bySource.get(tail.source);
      bySource.set(tail.source, sum ? { rows: sum.rows + own.rows, late: sum.late + own.late, duplicates: sum.duplicates + own.duplicates, replaced: sum.replaced + own.replaced } : own);
    }
    for (const [source, sum] of bySource) {
      if (sum.rows + sum.duplicates + sum.replaced > 0) this.plant.sources.count(source, sum, this.clock.now());
    }
  }

  /** What can't be moved into chunks now stays in the tail: nothing is lost, and the next round tries again. */
  private seal(owners: ReadonlySet<TailOwner>): void {
    try {
      this.plant.series.seal();
    } catch (thrown) {
      const error = AppError.of(thrown);
      for (const owner of owners) owner.undone(error);
    }
  }
}
