import { AppError } from '../contract/errors.ts';
import type { Job, JobKind } from '../contract/jobs.ts';
import type { JobId } from '../contract/values.ts';
import type { JobRepository } from '../store/records/jobs.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import { createTopic, type Topic } from './topic.ts';

/** What the work of a job is handed. */
export interface JobContext {
  readonly id: JobId;
  /** Aborted when somebody cancels the job or the engine closes. */
  readonly signal: AbortSignal;
  progress(stage: string, done: number, total: number | null): void;
}

export interface Jobs {
  readonly topic: Topic<Job>;
  /** Begins the work at once and answers with the job's id; `request` is kept so that the job can be restarted. */
  start(spec: { kind: JobKind; subject: string; unit: Job['unit']; request: unknown }, work: (context: JobContext) => Promise<unknown>): JobId;
  /** @throws AppError('not-found' | 'state-conflict') */
  cancel(id: JobId): Job;
  /** @throws AppError('not-found') */
  get(id: JobId): Job;
  list(limit: number): Job[];
  /** The finished job's result. @throws AppError('not-found' | 'state-conflict'), or the job's own error */
  result(id: JobId): unknown;
  /** Resolves when the job has ended, whatever its end. */
  ended(id: JobId): Promise<Job>;
  /** Aborts what runs and waits for it. Jobs that were running are marked cut. */
  close(): Promise<void>;
}

/** Rows of progress a second at the most: a row a batch would be a commit a batch. */
const PROGRESS_INTERVAL_MS = 250;

/** Jobs are rows; at start those that an earlier engine left running are marked cut. */
export const createJobs = (rows: JobRepository, clock: Clock, log: Log): Jobs => {
  const running = new Map<JobId, { abort: AbortController; done: Promise<Job> }>();
  let closing = false;
  const topic = createTopic<Job>(() => rows.list(100), (job) => job.id);
  for (const job of rows.list(1000)) if (job.state === 'running' || job.state === 'queued') rows.update(job.id, { state: 'cut', endedAt: clock.now() });

  const save = (id: JobId, change: Partial<Job>): Job => {
    const job = rows.update(id, change);
    topic.publish(job);
    return job;
  };

  const get = (id: JobId): Job => {
    const job = rows.get(id);
    if (job === undefined) throw new AppError('not-found', `there is no job ${id}`, { job: id });
    return job;
  };

  const finish = (id: JobId, thrown: unknown, aborted: boolean): Job => {
    const error = AppError.of(thrown);
    const endedAt = clock.now();
    if (aborted || error.code === 'cancelled') return save(id, { state: closing ? 'cut' : 'cancelled', endedAt });
    if (error.code === 'internal') log.error('a job ended by a bug', { job: id, error: error.message, stack: error.cause instanceof Error ? error.cause.stack : error.stack });
    return save(id, { state: error.code === 'run-cut' || error.code === 'process-ended' ? 'cut' : 'failed', error: error.toDocument(), endedAt });
  };

  const run = async (id: JobId, abort: AbortController, work: (context: JobContext) => Promise<unknown>): Promise<Job> => {
    let told = 0;
    let stage = '';
    const progress = (next: string, done: number, total: number | null): void => {
      const now = Date.now();
      if (next === stage && now - told < PROGRESS_INTERVAL_MS) return;
      stage = next;
      told = now;
      save(id, { stage: next, done, total });
    };
    // The caller gets the id before the work begins.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      const result = await work({ id, signal: abort.signal, progress });
      rows.setResult(id, result);
      const last = get(id);
      return save(id, { state: 'done', done: last.total ?? last.done, endedAt: clock.now() });
    } catch (thrown) {
      return finish(id, thrown, abort.signal.aborted);
    } finally {
      running.delete(id);
    }
  };

  return {
    topic,
    start: (spec, work) => {
      const job = rows.create(spec);
      save(job.id, { state: 'running', startedAt: clock.now() });
      const abort = new AbortController();
      running.set(job.id, { abort, done: run(job.id, abort, work) });
      return job.id;
    },
    cancel: (id) => {
      const job = get(id);
      const live = running.get(id);
      if (live === undefined) throw new AppError('state-conflict', `job ${id} is not running any more (${job.state})`, { job: id, state: job.state });
      live.abort.abort(new AppError('cancelled', 'cancelled by the operator'));
      return job;
    },
    get,
    list: (limit) => rows.list(limit),
    result: (id) => {
      const job = get(id);
      if (job.state === 'done') return rows.result(id);
      if (job.error !== null) throw AppError.fromDocument(job.error);
      throw new AppError('state-conflict', `job ${id} has no result: it is ${job.state}`, { job: id, state: job.state });
    },
    ended: (id) => running.get(id)?.done ?? Promise.resolve(get(id)),
    close: async () => {
      closing = true;
      const all = [...running.values()];
      for (const { abort } of all) abort.abort(new AppError('cancelled', 'the engine is closing'));
      await Promise.all(all.map(({ done }) => done));
    },
  };
};
