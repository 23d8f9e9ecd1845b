import { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import { Schedule } from '../../contract/training.ts';
import { Micros, RunId, type ScheduleId } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, query } from '../statement.ts';

/** A schedule as it is stored: the next runs are derived from its expression by whoever shows it. */
export const StoredSchedule = Schedule.omit({ nextRuns: true }).extend({
  createdAt: Micros,
  /** The planned moment of the newest run: a run is due once, however long the app slept. */
  lastDue: Micros.nullable(),
});
export type StoredSchedule = z.infer<typeof StoredSchedule>;

export interface ScheduleOutcome {
  readonly due: Micros;
  readonly at: Micros;
  readonly run: RunId | null;
  readonly outcome: 'started' | 'skipped' | 'failed';
  readonly reason: string | null;
}

/** Retraining schedules. */
export interface ScheduleRepository {
  list(): StoredSchedule[];
  get(id: ScheduleId): StoredSchedule | undefined;
  add(schedule: Pick<Schedule, 'cron' | 'zone' | 'task' | 'machineType' | 'preset' | 'search'>): StoredSchedule;
  /** @throws AppError('not-found') */
  remove(id: ScheduleId): void;
  /** What became of the run that was due. @throws AppError('not-found') */
  recordRun(id: ScheduleId, outcome: ScheduleOutcome): StoredSchedule;
}

const Row = z
  .strictObject({
    ...StoredSchedule.omit({ lastRun: true, search: true }).shape,
    searchMinutes: z.number().positive().nullable(),
    lastAt: Micros.nullable(),
    lastRun: RunId.nullable(),
    lastOutcome: z.enum(['started', 'skipped', 'failed']).nullable(),
    lastReason: z.string().nullable(),
  })
  .transform(({ lastAt, lastRun, lastOutcome, lastReason, searchMinutes, ...rest }): StoredSchedule => ({
    ...rest,
    search: searchMinutes === null ? null : { minutes: searchMinutes },
    lastRun: lastAt === null || lastOutcome === null ? null : { at: lastAt, run: lastRun, outcome: lastOutcome, reason: lastReason },
  }));

const SELECT = `SELECT id, cron, zone, task, machine_type AS machineType, preset, search_minutes AS searchMinutes, created_at AS createdAt, last_due AS lastDue, last_at AS lastAt, last_run AS lastRun,
  last_outcome AS lastOutcome, last_reason AS lastReason FROM schedule`;

/** @param connection the plant's database. @param now microseconds since 1970 */
export const createSchedules = (connection: Connection, now: () => Micros): ScheduleRepository => {
  const list = query(connection, Row, `${SELECT} ORDER BY id`);
  const byId = query(connection, Row, `${SELECT} WHERE id = ?`);
  const insert = command(connection, 'INSERT INTO schedule (cron, zone, task, machine_type, preset, search_minutes, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)');
  const remove = command(connection, 'DELETE FROM schedule WHERE id = ?');
  const record = command(connection, 'UPDATE schedule SET last_due = @due, last_at = @at, last_run = @run, last_outcome = @outcome, last_reason = @reason WHERE id = @id');

  const must = (id: number): StoredSchedule => {
    const schedule = byId.one(id);
    if (schedule === undefined) throw new AppError('not-found', `there is no schedule ${id}`, { schedule: id });
    return schedule;
  };

  return {
    list: () => list.all(),
    get: (id) => byId.one(id),
    add: ({ cron, zone, task, machineType, preset, search }) => must(insert(cron, zone, task, machineType, preset, search?.minutes ?? null, now()).id),
    remove: (id) => {
      must(id);
      remove(id);
    },
    recordRun: (id, { due, at, run, outcome, reason }) => {
      record({ id, due, at, run, outcome, reason });
      return must(id);
    },
  };
};
