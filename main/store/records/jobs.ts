import { z } from 'zod';
import { ErrorDocument } from '../../contract/errors.ts';
import { Job, type JobKind } from '../../contract/jobs.ts';
import { AppError } from '../../contract/errors.ts';
import type { JobId, Micros } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, json, jsonText, query } from '../statement.ts';

export interface JobToCreate {
  readonly kind: JobKind;
  readonly subject: string;
  readonly unit: Job['unit'];
  /** JSON; kept so that the job can be started again. */
  readonly request: unknown;
}

/** Long work of every kind, as rows. */
export interface JobRepository {
  /** A queued job. */
  create(job: JobToCreate): Job;
  get(id: JobId): Job | undefined;
  /** Newest first. */
  list(limit?: number): Job[];
  /** @throws AppError('not-found') */
  update(id: JobId, change: Partial<Omit<Job, 'id'>>): Job;
  /** The request that it was created with. */
  request(id: JobId): unknown;
  /** What the work gave back (JSON); null while there is nothing. */
  result(id: JobId): unknown;
  setResult(id: JobId, result: unknown): void;
}

const COLUMNS = 'id, kind, state, subject, stage, done, total, unit, error, created_at AS createdAt, started_at AS startedAt, ended_at AS endedAt';

/** @param connection the plant's database. @param now microseconds since 1970 */
export const createJobs = (connection: Connection, now: () => Micros): JobRepository => {
  const Row = Job.extend({ error: json(ErrorDocument).nullable() });
  const byId = query(connection, Row, `SELECT ${COLUMNS} FROM job WHERE id = ?`);
  const list = query(connection, Row, `SELECT ${COLUMNS} FROM job ORDER BY id DESC LIMIT ?`);
  const request = query(connection, z.strictObject({ request: json(z.unknown()) }), 'SELECT request FROM job WHERE id = ?');
  const result = query(connection, z.strictObject({ result: json(z.unknown()).nullable() }), 'SELECT result FROM job WHERE id = ?');
  const setResult = command(connection, 'UPDATE job SET result = ? WHERE id = ?');
  const insert = command(
    connection,
    "INSERT INTO job (kind, state, subject, stage, done, total, unit, request, created_at) VALUES (@kind, 'queued', @subject, 'queued', 0, NULL, @unit, @request, @createdAt)",
  );
  const update = command(
    connection,
    `UPDATE job SET kind = @kind, state = @state, subject = @subject, stage = @stage, done = @done, total = @total, unit = @unit, error = @error,
     created_at = @createdAt, started_at = @startedAt, ended_at = @endedAt WHERE id = @id`,
  );

  const must = (id: number): Job => {
    const job = byId.one(id);
    if (job === undefined) throw new AppError('not-found', `there is no job ${id}`, { job: id });
    return job;
  };

  return {
    create: (job) => must(insert({ kind: job.kind, subject: job.subject, unit: job.unit, request: JSON.stringify(job.request ?? null), createdAt: now() }).id),
    get: (id) => byId.one(id),
    list: (limit = 100) => list.all(limit),
    update: (id, change) => {
      const job: Job = { ...must(id), ...change };
      update({ ...job, error: jsonText(job.error) });
      return job;
    },
    request: (id) => request.one(id)?.request ?? null,
    result: (id) => result.one(id)?.result ?? null,
    setResult: (id, value) => {
      setResult(jsonText(value), id);
    },
  };
};
