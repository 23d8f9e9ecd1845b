import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { RetentionKeeper } from '../../api/parts.ts';
import { AppError } from '../../contract/errors.ts';
import { Retention, RetentionRule, type RetentionPreview } from '../../contract/storage.ts';
import type { Plant } from '../../store/plant.ts';
import { planFor, ruleFor, runUpsOf, type RetentionPlan } from '../../store/retention.ts';
import type { ThinTask } from '../../store/series/series.ts';
import type { Clock } from '../clock.ts';

/** Pages given back in one go: a few milliseconds. */
const PAGES_A_TURN = 500;

const Rules = z.array(RetentionRule);

interface Planned extends RetentionPlan {
  readonly sensor: ThinTask['sensor'];
  readonly readings: number;
}

/** What the rules ask of each sensor now; sensors of which they ask nothing are left out. */
const planAll = (plant: Plant, rules: readonly RetentionRule[], now: number): Planned[] =>
  plant.assets.list().flatMap((asset) => {
    const runUps = runUpsOf(plant.events.list({ asset: asset.id }));
    return plant.sensors.ofAsset(asset.id).flatMap((sensor) => {
      const plan = planFor(ruleFor(rules, sensor), asset, sensor, runUps, now);
      return plan.tasks.length === 0 && plan.kept.length === 0 ? [] : [{ ...plan, sensor: sensor.id, readings: plant.series.info(sensor.id).points }];
    });
  });

const assertGoesOn = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true) throw AppError.of(signal.reason);
};

/** Runs the parts of a task one by one; other work goes on in between. */
const run = async (task: ThinTask, signal: AbortSignal | undefined, next: (after: number) => { thinned: number; removed: number; until: number } | null): Promise<{ thinned: number; removed: number }> => {
  const sum = { thinned: 0, removed: 0 };
  for (let after = task.from; after < task.to; ) {
    await nextTurn();
    assertGoesOn(signal);
    const part = next(after);
    if (part === null) break;
    sum.thinned += part.thinned;
    sum.removed += part.removed;
    after = part.until;
  }
  return sum;
};

const totalOf = (plant: Plant): number => plant.sensors.list().reduce((sum, { id }) => sum + plant.series.info(id).points, 0);

/** Gives the room of what was removed back to the disk, a little at a time. */
const reclaim = async (plant: Plant, signal: AbortSignal): Promise<number> => {
  let freed = 0;
  for (let left = plant.reclaim(0); left > 0; ) {
    await nextTurn();
    assertGoesOn(signal);
    const rest = plant.reclaim(PAGES_A_TURN);
    if (rest >= left) break;
    freed += left - rest;
    left = rest;
  }
  return freed;
};

/** @param databaseBytes how large the database is now */
export const createRetention = (plant: Plant, clock: Clock): RetentionKeeper => {
  const rulesNow = (): RetentionRule[] => plant.upkeep.get('retention', Rules) ?? [];
  const get = (): Retention => ({ rules: rulesNow(), applied: plant.upkeep.get('applied', Retention.shape.applied) });

  return {
    get,
    change: (rules) => {
      for (const { keepDays, thenEverySeconds, keepThinnedDays } of rules)
        if (keepThinnedDays !== null && (thenEverySeconds === null || keepDays === null || keepThinnedDays <= keepDays))
          throw new AppError('input-invalid', 'thinned readings can be kept for a time only where readings are thinned, and for longer than the readings themselves', { keepThinnedDays });
      plant.upkeep.set('retention', rules);
      return get();
    },
    preview: async (rules, signal) => {
      const preview: RetentionPreview = { sensors: 0, readings: 0, removed: 0, thinned: 0, kept: 0 };
      for (const { sensor, tasks, kept, readings } of planAll(plant, rules, clock.now())) {
        for (const task of tasks) {
          const { thinned, removed } = await run(task, signal, (after) => plant.series.previewThin(task, after));
          preview.thinned += thinned;
          preview.removed += removed;
        }
        preview.sensors += 1;
        preview.readings += readings;
        for (const { from, to } of kept) preview.kept += plant.series.rawReadings(sensor, from, to);
        await nextTurn();
      }
      return preview;
    },
    apply: async ({ signal, progress }) => {
      const planned = planAll(plant, rulesNow(), clock.now());
      const readingsBefore = totalOf(plant);
      const grids = new Map<string, number>();
      for (const [done, { tasks }] of planned.entries()) {
        progress('thinning', done, planned.length);
        for (const task of tasks) await run(task, signal, (after) => plant.series.thin(task, after, grids));
      }
      progress('giving-back', planned.length, planned.length);
      const bytesFreed = await reclaim(plant, signal);
      const applied = { at: clock.now(), readingsBefore, readingsAfter: totalOf(plant), bytesFreed };
      plant.upkeep.set('applied', applied);
      return applied;
    },
  };
};
