import { AppError } from '../contract/errors.ts';
import type { Job, JobKind } from '../contract/jobs.ts';
import type { JobId } from '../contract/values.ts';
import type { JobRepository } from '../store/records/jobs.ts';
import type { Clock } from './clock.ts';
import { createKeptJobs } from './kept-jobs.ts';
import type { Log } from './log.ts';
import { createTopic, type Topic } from './topic.ts';

/** What the work of a job is handed. */
export interface JobContext {
  readonly id: JobId;
  /** Aborted when somebody cancels the job or the engine closes. */
  readonly signal: AbortSignal;
  progress(stage: string, done: number, total: number | null): void;
}

export interface JobSpec {
  readonly kind: JobKind;
  readonly subject: string;
  readonly unit: Job['unit'];
  readonly request: unknown;
}

export interface Jobs {
  readonly topic: Topic<Job>;
  /** Begins the work at once and answers with the job's id; `request` is kept so that the job can be restarted. */
  start(spec: JobSpec, work: (context: JobContext) => Promise<unknown>): JobId;
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
class JobRunner implements Jobs {
  readonly topic: Topic<Job>;
  readonly #rows: JobRepository;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #running = new Map<JobId, { abort: AbortController; done: Promise<Job> }>();
  #closing = false;

  constructor(rows: JobRepository, clock: Clock, log: Log) {
    this.#rows = rows;
    this.#clock = clock;
    this.#log = log;
    this.topic = createTopic<Job>(() => rows.list(100), (job) => job.id);
    for (const job of rows.list(1000)) if (job.state === 'running' || job.state === 'queued') rows.update(job.id, { state: 'cut', endedAt: clock.now() });
  }

  start(spec: JobSpec, work: (context: JobContext) => Promise<unknown>): JobId {
    const { id } = this.#rows.create(spec);
    this.#save(id, { state: 'running', startedAt: this.#clock.now() });
    const abort = new AbortController();
    this.#running.set(id, { abort, done: this.#run(id, abort, work) });
    return id;
  }

  cancel(id: JobId): Job {
    const job = this.get(id);
    const live = this.#running.get(id);
    if (live === undefined) throw new AppError('state-conflict', `job ${id} is not running any more (${job.state})`, { job: id, state: job.state });
    live.abort.abort(new AppError('cancelled', 'cancelled by the operator'));
    return job;
  }

  get(id: JobId): Job {
    const job = this.#rows.get(id);
    if (job === undefined) throw new AppError('not-found', `there is no job ${id}`, { job: id });
    return job;
  }

  list(limit: number): Job[] {
    return this.#rows.list(limit);
  }

  result(id: JobId): unknown {
    const job = this.get(id);
    if (job.state === 'done') return this.#rows.result(id);
    if (job.error !== null) throw AppError.fromDocument(job.error);
    throw new AppError('state-conflict', `job ${id} has no result: it is ${job.state}`, { job: id, state: job.state });
  }

  ended(id: JobId): Promise<Job> {
    return this.#running.get(id)?.done ?? Promise.resolve(this.get(id));
  }

  async close(): Promise<void> {
    this.#closing = true;
    const all = [...this.#running.values()];
    for (const { abort } of all) abort.abort(new AppError('run-cut', 'the engine is closing'));
    await Promise.all(all.map(({ done }) => done));
  }

  #save(id: JobId, change: Partial<Job>): Job {
    const job = this.#rows.update(id, change);
    this.topic.publish(job);
    return job;
  }

  async #run(id: JobId, abort: AbortController, work: (context: JobContext) => Promise<unknown>): Promise<Job> {
    // The caller gets the id before the work begins.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      const result = await work({ id, signal: abort.signal, progress: this.#progressOf(id) });
      this.#rows.setResult(id, result ?? null);
      const last = this.get(id);
      return this.#save(id, { state: 'done', done: last.total ?? last.done, endedAt: this.#clock.now() });
    } catch (thrown) {
      return this.#fail(id, thrown, abort.signal.aborted);
    } finally {
      this.#running.delete(id);
    }
  }

  #progressOf(id: JobId): JobContext['progress'] {
    let told = 0;
    let stage = '';
    return (next, done, total) => {
      const now = Date.now();
      if (next === stage && now - told < PROGRESS_INTERVAL_MS) return;
      stage = next;
      told = now;
      this.#save(id, { stage: next, done, total });
    };
  }

  #fail(id: JobId, thrown: unknown, aborted: boolean): Job {
    const error = AppError.of(thrown);
    const endedAt = this.#clock.now();
    if (aborted || error.code === 'cancelled') return this.#save(id, { state: this.#closing ? 'cut' : 'cancelled', endedAt });
    if (error.code === 'internal') this.#log.error('a job ended by a bug', { job: id, error: error.message, stack: error.cause instanceof Error ? error.cause.stack : error.stack });
    return this.#save(id, { state: error.code === 'run-cut' || error.code === 'process-ended' ? 'cut' : 'failed', error: error.toDocument(), endedAt });
  }
}

/** @param rows where jobs are kept. @param log hears of bugs: errors of code 'internal' */
export const createJobs = (rows: JobRepository, clock: Clock, log: Log): Jobs => new JobRunner(createKeptJobs(rows, clock), clock, log);
