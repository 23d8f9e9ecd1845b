import { z } from 'zod';
import { call } from './call.ts';
import { ErrorDocument } from './errors.ts';
import { resource } from './resource.ts';
import { JobId, Micros } from './values.ts';

export const JobKind = z.enum(['import', 'train', 'evaluate', 'backup', 'demo', 'compaction', 'export', 'retention', 'check', 'restore', 'rebuild', 'install-cuda']);
export type JobKind = z.infer<typeof JobKind>;

/** cut: its process ended before it did; such a job can be restarted. */
export const JobState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'cut']);
export type JobState = z.infer<typeof JobState>;

/** Long work of any kind: one mechanism for progress, cancel and restart. */
export const Job = z.strictObject({
  id: JobId,
  kind: JobKind,
  state: JobState,
  /** What the job is about, for people: a file name, a run id. */
  subject: z.string(),
  /** Key of the stage's message: 'reading', 'freezing', 'training', ... */
  stage: z.string(),
  done: z.number(),
  total: z.number().nullable(),
  unit: z.enum(['bytes', 'rows', 'epochs', 'assets', 'steps']),
  error: ErrorDocument.nullable(),
  createdAt: Micros,
  startedAt: Micros.nullable(),
  endedAt: Micros.nullable(),
});
export type Job = z.infer<typeof Job>;

export const JobStarted = z.strictObject({ job: JobId });
export type JobStarted = z.infer<typeof JobStarted>;

export const jobs = {
  list: call('query').input(z.strictObject({ limit: z.int().min(1).max(1000).default(100) })).output(z.array(Job)),
  get: call('query', 'not-found').input(z.strictObject({ job: JobId })).output(Job),
  watch: call('stream').input(z.strictObject({})).output(resource(Job)),
  /** Starts an import anew that was cut off, cancelled or failed, as it was asked for then; it goes on from what is stored. */
  restart: call('job', 'not-found', 'state-conflict').input(z.strictObject({ job: JobId })).output(JobStarted),
  cancel: call('command', 'not-found', 'state-conflict').input(z.strictObject({ job: JobId })).output(Job),
};
