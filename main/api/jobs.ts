import { ImportRequest } from '../contract/data.ts';
import { AppError } from '../contract/errors.ts';
import { startImport } from './data.ts';
import { os } from './context.ts';
import type { Parts } from './parts.ts';

export const jobCalls = (parts: Parts) => {
  const { jobs, plant } = parts;
  return {
    list: os.jobs.list.handler(({ input }) => jobs.list(input.limit)),
    get: os.jobs.get.handler(({ input }) => jobs.get(input.job)),
    watch: os.jobs.watch.handler(({ signal }) => jobs.topic.stream(signal)),
    restart: os.jobs.restart.handler(({ input }) => {
      const job = jobs.get(input.job);
      if (job.kind !== 'import') throw new AppError('state-conflict', `job ${job.id} is no import (${job.kind}); only imports can be started anew`, { job: job.id, kind: job.kind });
      if (job.state === 'running' || job.state === 'queued') throw new AppError('state-conflict', `job ${job.id} is under way already`, { job: job.id, state: job.state });
      return { job: startImport(parts, ImportRequest.parse(plant.jobs.request(job.id))) };
    }),
    cancel: os.jobs.cancel.handler(({ input }) => jobs.cancel(input.job)),
  };
};
