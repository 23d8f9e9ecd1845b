import { AppError } from '../contract/errors.ts';
import type { Asset, Health } from '../contract/plant.ts';
import type { AssetId } from '../contract/values.ts';
import type { Clock } from '../engine/clock.ts';
import type { Log } from '../engine/log.ts';
import { Baseline, rowsToLearn, runsIn } from './baseline.ts';
import { nothingYet, referenceFrom, smooth, type Smoothed } from './deviation.ts';
import { followLife, healthAt, operationOf, pointsOf, runningRow, type LifeHealth, type Operation } from './life.ts';
import { regimeOf } from './regimes.ts';
import { isLearned, traceOf } from './trace.ts';
import { firstRowFrom, lastRowTo, readRows, viewOf, type HealthStore, type MachineView } from './view.ts';

export interface HealthParts {
  readonly plant: HealthStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** Where the health of one machine's present life stands, so that the next row costs one row. */
interface Tracked {
  /** What tells that lives have changed: their starts and ends, the last one's end left out. */
  readonly lives: string;
  readonly operation: Operation;
  /** Null while the baseline is being learned. */
  readonly baseline: Baseline | null;
  smoothed: Smoothed;
  /** Position of the last whole row that was taken. */
  taken: number;
  /** Position of the newest health that was stored. */
  stored: number;
}

/** Rows after which the smoothing has forgotten where it began. */
const WARM_UP_ROWS = 64;
/** A health is stored at each whole row, and this often within one. */
const PARTS_OF_ROW = 12;
const REGIME_ROWS = 200;
/** A reading that is older than this is history being read: it gets a health at whole rows alone. */
const LIVE_WITHIN = 3600e6;

const livesKey = ({ lives, sensors }: MachineView): string =>
  `${sensors.length}|${lives.map((life) => `${life.start}:${life.ended === 'not-yet' ? '' : `${life.ended}${life.end}`}`).join('|')}`;
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Condition health of the machines: learns what each looks like when it is healthy, and how far it has come since (README.md). */
export class HealthMonitor {
  readonly #parts: HealthParts;
  readonly #tracked = new Map<AssetId, Tracked>();

  constructor(parts: HealthParts) {
    this.#parts = parts;
  }

  /**
   * Takes in what is new of these machines: rows, failures, repairs. Lives that it has not seen yet are followed from their start, so the
   * first call after an import writes the whole history. Gives the event loop its turn between machines.
   * @returns the newest health of each machine whose health changed
   * @throws AppError('cancelled') when the signal says so; what was stored stays
   */
  async update(assets: readonly AssetId[], signal?: AbortSignal): Promise<Health[]> {
    const changed: Health[] = [];
    const unseen: MachineView[] = [];
    for (const id of new Set(assets)) {
      const asset = this.#parts.plant.assets.get(id);
      const view = asset === undefined ? null : viewOf(this.#parts.plant, asset, this.#parts.clock.now());
      if (view === null) continue;
      const tracked = this.#tracked.get(id);
      if (tracked?.lives === livesKey(view)) changed.push(...this.#advance(view, tracked));
      else unseen.push(view);
    }
    changed.push(...(await this.#followAll(unseen, signal)));
    return changed;
  }

  /** Whether the machine stands still by its newest readings; null when nothing tells. */
  readonly standsStill = (id: AssetId): boolean | null => {
    const { plant } = this.#parts;
    const stored = plant.baselines.latest(id);
    if (stored === undefined) return null;
    const { running, sensors, step } = Baseline.parse(stored.document);
    if (running === null) return null;
    const sensor = plant.sensors.ofAsset(id).find((candidate) => candidate.id === sensors[running.sensor]);
    if (sensor === undefined) return null;
    const { last } = plant.series.info(sensor.id);
    if (last === null) return null;
    const { values } = plant.series.read(sensor.id, last - step / PARTS_OF_ROW, last);
    return values.every((value) => Math.abs(value) <= running.above);
  };

  /** Follows the lives of machines that are new here, or whose lives have changed. */
  async #followAll(views: readonly MachineView[], signal?: AbortSignal): Promise<Health[]> {
    const fresh: { view: MachineView; operation: Operation; lives: LifeHealth[] }[] = [];
    for (const view of views) {
      await pause();
      if (signal?.aborted === true) throw new AppError('cancelled', 'the health of some machines was not computed: it was cancelled');
      const operation = this.#operation(view);
      const lives = this.#unseenLives(view).map((life) => {
        const rows = readRows(this.#parts.plant, view, firstRowFrom(view.asset, life.start, view.step), lastRowTo(life.end, view.step), view.step);
        return followLife(view, life, rows, operation);
      });
      fresh.push({ view, operation, lives });
    }
    const failures = this.#failures(fresh);
    const changed: Health[] = [];
    for (const { view, operation, lives } of fresh) {
      await pause();
      const points = lives.flatMap((life) => this.#store(view, operation, life, failures));
      changed.push(...[...points, ...this.#track(view, operation)].slice(-1));
    }
    return changed;
  }

  /** Lives without a baseline, and those that have ended, or turned out not to have, since theirs was written. */
  #unseenLives(view: MachineView): MachineView['lives'] {
    const known = new Map(this.#parts.plant.baselines.list(view.asset.id).map(({ since, document }) => [since, Baseline.parse(document)]));
    return view.lives.filter((life) => {
      const baseline = known.get(life.start);
      const endedAt = life.ended === 'not-yet' ? null : life.end;
      return baseline === undefined || baseline.endedAt !== endedAt || (endedAt === null && baseline.sensors.length !== view.sensors.length);
    });
  }

  #operation(view: MachineView): Operation {
    const { step } = view;
    return operationOf(view, readRows(this.#parts.plant, view, firstRowFrom(view.asset, view.first, step), lastRowTo(view.last, step), step));
  }

  /** How the lives of each machine type looked when they failed: those stored, and those just followed. */
  #failures(fresh: readonly { view: MachineView; lives: readonly LifeHealth[] }[]): (asset: Asset, since: number) => Map<string, number>[] {
    const types = new Set(fresh.map(({ view }) => view.asset.machineType));
    const all: { type: string; at: number; asset: AssetId; excess: Map<string, number> }[] = [];
    const add = (asset: Asset, { names, endedAt, atFailure }: Baseline): void => {
      if (endedAt !== null && atFailure !== null) all.push({ type: asset.machineType, asset: asset.id, at: endedAt, excess: new Map(names.map((name, i) => [name, atFailure[i] ?? 0])) });
    };
    const followed = new Set(fresh.flatMap(({ view, lives }) => lives.map(({ life }) => `${view.asset.id}:${life.start}`)));
    for (const asset of this.#parts.plant.assets.machines().filter(({ machineType }) => types.has(machineType))) {
      for (const { since, document } of this.#parts.plant.baselines.list(asset.id)) if (!followed.has(`${asset.id}:${since}`)) add(asset, Baseline.parse(document));
    }
    for (const { view, lives } of fresh) for (const { baseline } of lives) if (baseline !== null) add(view.asset, baseline);
    // Run-to-failure tests have no clock in common; in a plant nothing counts that came later.
    return (asset, since) => all.filter((one) => one.type === asset.machineType && (asset.axis === 'cycle' ? one.asset !== asset.id : one.at <= since)).map(({ excess }) => excess);
  }

  #store(view: MachineView, operation: Operation, followed: LifeHealth, failures: (asset: Asset, since: number) => Map<string, number>[]): Health[] {
    const { plant } = this.#parts;
    const { life } = followed;
    const lives = failures(view.asset, life.start).map((excess) => view.sensors.map(({ name }) => excess.get(name) ?? 0));
    const baseline = followed.baseline === null ? null : { ...followed.baseline, reference: referenceFrom(lives, view.sensors.length) };
    const points = pointsOf(view, { ...followed, baseline }, operation.running);
    plant.transaction(() => {
      if (baseline !== null) plant.baselines.save(view.asset.id, life.start, baseline);
      plant.healths.clear(view.asset.id, life.start, life.ended === 'not-yet' ? Infinity : life.end);
      plant.healths.append(points);
    });
    return points;
  }

  /**
   * Remembers where the present life stands: its smoothing begins anew far enough back to have forgotten where it began.
   * @returns the health of rows that came while nobody was watching
   */
  #track(view: MachineView, operation: Operation): Health[] {
    const { plant } = this.#parts;
    const life = view.lives.at(-1);
    if (life === undefined) return [];
    const stored = plant.baselines.list(view.asset.id).find(({ since }) => since === life.start);
    const baseline = stored === undefined ? null : Baseline.parse(stored.document);
    const step = baseline?.step ?? view.step;
    const last = lastRowTo(life.end, step);
    const tracked: Tracked = { lives: livesKey(view), operation, baseline, smoothed: nothingYet(view.sensors.length), taken: last, stored: plant.healths.latest(view.asset.id)?.at ?? last };
    this.#tracked.set(view.asset.id, tracked);
    if (baseline === null) return [];
    const from = Math.max(firstRowFrom(view.asset, life.start, step), lastRowTo(Math.min(tracked.stored, last), step) - WARM_UP_ROWS * step);
    const trace = traceOf(baseline, readRows(plant, view, from, last, step));
    tracked.smoothed = trace.at(-1)?.smoothed ?? tracked.smoothed;
    const missed = trace.filter(({ at }) => at > Math.max(tracked.stored, baseline.learnedUntil)).map(({ at, smoothed }) => healthAt(view, baseline, at, smoothed));
    plant.healths.append(missed);
    tracked.stored = Math.max(tracked.stored, missed.at(-1)?.at ?? -Infinity);
    return missed;
  }

  #advance(view: MachineView, tracked: Tracked): Health[] {
    const { baseline } = tracked;
    const life = view.lives.at(-1);
    if (life === undefined || life.ended !== 'not-yet') return [];
    if (baseline === null) return this.#learn(view, tracked);
    const { plant } = this.#parts;
    const { step } = baseline;
    const last = lastRowTo(view.last, step);
    const rows = readRows(plant, view, tracked.taken + step, last, step);
    if (this.#mustLearnAgain(baseline, rows)) return this.#learn(view, tracked);
    const trace = traceOf(baseline, rows, tracked.smoothed);
    const points = trace.map(({ at, smoothed }) => healthAt(view, baseline, at, smoothed));
    tracked.smoothed = trace.at(-1)?.smoothed ?? tracked.smoothed;
    tracked.taken = Math.max(tracked.taken, last);
    const live = this.#parts.clock.now() - view.last < LIVE_WITHIN;
    if (live && view.last - Math.max(tracked.stored, last) >= step / PARTS_OF_ROW) points.push(...this.#withinRow(view, baseline, tracked));
    plant.healths.append(points);
    const newest = points.at(-1);
    if (newest === undefined) return [];
    tracked.stored = newest.at;
    return [newest];
  }

  /** The health at the newest reading, which lies within a row: it weighs as much as of the row has passed. */
  #withinRow(view: MachineView, baseline: Baseline, { taken, smoothed }: Tracked): Health[] {
    const length = view.last - taken;
    const row = runningRow(baseline, readRows(this.#parts.plant, view, view.last, view.last, length));
    const regime = row === null ? null : regimeOf(baseline.regimes, row);
    if (row === null || regime === null || !isLearned(baseline, regime)) return [];
    return [healthAt(view, baseline, view.last, smooth(baseline, smoothed, row, regime, length / baseline.step))];
  }

  /** A regime that was never seen, or rows enough now to tell regimes at all. */
  #mustLearnAgain(baseline: Baseline, rows: ReturnType<typeof readRows>): boolean {
    let running = 0;
    for (let k = 0; k < rows.count; k++) {
      if (!runsIn(baseline.running, rows, k)) continue;
      running++;
      const regime = regimeOf(baseline.regimes, rows.values.subarray(k * rows.sensors, (k + 1) * rows.sensors));
      if (regime !== null && !isLearned(baseline, regime)) return true;
    }
    const rowsNow = (rows.start + rows.count * rows.step - baseline.learnedUntil) / rows.step + rowsToLearn.time;
    return running > 0 && baseline.regimeRows < REGIME_ROWS && rowsNow >= 2 * REGIME_ROWS;
  }

  /** Follows the present life from its start again: its baseline was missing, or did not know enough. */
  #learn(view: MachineView, tracked: Tracked): Health[] {
    const step = tracked.baseline?.step ?? view.step;
    const life = view.lives.at(-1);
    const last = lastRowTo(view.last, step);
    if (life === undefined || last <= tracked.taken) return [];
    const operation = this.#operation({ ...view, step });
    const followed = followLife(view, life, readRows(this.#parts.plant, view, firstRowFrom(view.asset, life.start, step), last, step), operation);
    const points = this.#store(view, operation, followed, this.#failures([{ view, lives: [followed] }]));
    this.#track({ ...view, step }, operation);
    const newest = points.at(-1);
    return newest === undefined ? [] : [newest];
  }
}

export const createHealth = (parts: HealthParts): HealthMonitor => new HealthMonitor(parts);
