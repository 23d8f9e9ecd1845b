import { AppError } from '../contract/errors.ts';
import { TrainRequest, type Schedule } from '../contract/training.ts';
import type { Micros, RunId, ScheduleId } from '../contract/values.ts';
import type { Clock } from '../engine/clock.ts';
import type { Log } from '../engine/log.ts';
import type { Plant } from '../store/plant.ts';
import { timetableOf } from './cron.ts';

type StoredSchedule = ReturnType<Plant['schedules']['list']>[number];
export type NewSchedule = Pick<Schedule, 'cron' | 'zone' | 'task' | 'machineType' | 'preset' | 'search'>;

export interface ScheduleParts {
  readonly plant: Pick<Plant, 'schedules' | 'runs'>;
  readonly clock: Clock;
  readonly log: Log;
  startRun(request: TrainRequest): { readonly run: RunId };
}

const SHOWN_RUNS = 5;
/** What the data, not the app, is the reason of: the run is skipped, and the next one tries again. */
const skipping = new Set(['too-little-data', 'no-labels', 'task-not-supported', 'not-found', 'state-conflict']);

/** Retraining by the clock of the plant's zone. A run that fell into sleep or shutdown is made up for once, however many there were. */
export class Schedules {
  readonly #parts: ScheduleParts;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
  }

  /** With the next runs of each. */
  list(): Schedule[] {
    return this.#parts.plant.schedules.list().map((stored) => this.#shown(stored));
  }

  /** The next moments of an expression. @throws AppError('cron-invalid') */
  preview(cron: string, zone: string, count: number): Micros[] {
    return timetableOf(cron, zone).next(this.#parts.clock.now(), count);
  }

  /** @throws AppError('cron-invalid') */
  add({ cron, zone, task, machineType, preset, search }: NewSchedule): Schedule {
    timetableOf(cron, zone);
    return this.#shown(this.#parts.plant.schedules.add({ cron, zone, task, machineType, preset, search }));
  }

  /** @throws AppError('not-found') */
  remove(id: ScheduleId): void {
    this.#parts.plant.schedules.remove(id);
  }

  /** Starts what is due. To be called every few seconds. */
  tick(): void {
    const { plant, clock, log } = this.#parts;
    const now = clock.now();
    for (const schedule of plant.schedules.list()) {
      const due = timetableOf(schedule.cron, schedule.zone).newest(schedule.lastDue ?? schedule.createdAt, now);
      if (due === null) continue;
      const outcome = this.#start(schedule);
      plant.schedules.recordRun(schedule.id, { due, at: now, ...outcome });
      log.info('a scheduled training was due', { schedule: schedule.id, due, ...outcome });
    }
  }

  #shown({ createdAt: _createdAt, lastDue: _lastDue, ...schedule }: StoredSchedule): Schedule {
    return { ...schedule, nextRuns: timetableOf(schedule.cron, schedule.zone).next(this.#parts.clock.now(), SHOWN_RUNS) };
  }

  #start({ task, machineType, preset, search }: StoredSchedule): { run: RunId | null; outcome: 'started' | 'skipped' | 'failed'; reason: string | null } {
    const { plant, startRun } = this.#parts;
    const going = plant.runs.list().find((run) => run.task === task && (machineType === null || run.machineType === machineType) && (run.state === 'freezing' || run.state === 'training' || run.state === 'evaluating'));
    if (going !== undefined) return { run: null, outcome: 'skipped', reason: `run '${going.id}' of the same task was still going on` };
    try {
      const { run } = startRun(TrainRequest.parse({ task, machineType, config: { preset }, search }));
      return { run, outcome: 'started', reason: null };
    } catch (thrown) {
      const error = AppError.of(thrown);
      return { run: null, outcome: skipping.has(error.code) ? 'skipped' : 'failed', reason: error.message };
    }
  }
}

export const createSchedules = (parts: ScheduleParts): Schedules => new Schedules(parts);
