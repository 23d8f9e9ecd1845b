import { AppError } from '../contract/errors.ts';
import type { Job } from '../contract/jobs.ts';
import { JobId } from '../contract/values.ts';
import type { JobRepository } from '../store/records/jobs.ts';
import type { Clock } from './clock.ts';

/** Numbers of jobs that have no row: no database gets so far. */
const FIRST_WITHOUT_ROW = 2 ** 40;

/** Codes of a file that can't be written to now. */
const UNWRITABLE = new Set(['disk-full', 'plant-locked', 'file-unreadable', 'plant-damaged']);

const assertUnwritable = (thrown: unknown): void => {
  if (!UNWRITABLE.has(AppError.of(thrown).code)) throw thrown;
};

/**
 * Jobs as rows; where none can be written, in memory: a full disk must not keep anybody from copying the plant to another one.
 * What is only in memory is written with its next change that can be.
 */
export const createKeptJobs = (rows: JobRepository, clock: Clock): JobRepository => {
  const held = new Map<JobId, Job>();
  const requests = new Map<JobId, unknown>();
  const results = new Map<JobId, unknown>();
  let next = FIRST_WITHOUT_ROW;

  const must = (id: JobId): Job => {
    const job = held.get(id) ?? rows.get(id);
    if (job === undefined) throw new AppError('not-found', `there is no job ${id}`, { job: id });
    return job;
  };
  const hasRow = (id: JobId): boolean => id < FIRST_WITHOUT_ROW;

  return {
    create: (job) => {
      try {
        return rows.create(job);
      } catch (thrown) {
        assertUnwritable(thrown);
        const { kind, subject, unit, request } = job;
        const id = JobId.parse(next);
        next += 1;
        const made: Job = { id, kind, subject, unit, state: 'queued', stage: 'queued', done: 0, total: null, error: null, createdAt: clock.now(), startedAt: null, endedAt: null };
        held.set(id, made);
        requests.set(id, request);
        return made;
      }
    },
    get: (id) => held.get(id) ?? rows.get(id),
    list: (limit = 100) => [...[...held.values()].sort((a, b) => b.id - a.id), ...rows.list(limit).filter(({ id }) => !held.has(id))].slice(0, limit),
    update: (id, change) => {
      const job: Job = { ...must(id), ...change };
      if (hasRow(id)) {
        try {
          rows.update(id, job);
          held.delete(id);
          return job;
        } catch (thrown) {
          assertUnwritable(thrown);
        }
      }
      held.set(id, job);
      return job;
    },
    request: (id) => (requests.has(id) ? requests.get(id) : rows.request(id)),
    result: (id) => (results.has(id) ? results.get(id) : rows.result(id)),
    setResult: (id, result) => {
      if (hasRow(id)) {
        try {
          rows.setResult(id, result);
          return;
        } catch (thrown) {
          assertUnwritable(thrown);
        }
      }
      results.set(id, result);
    },
  };
};
