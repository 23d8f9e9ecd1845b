import { os } from './context.ts';
import type { Parts } from './parts.ts';

export const jobCalls = ({ jobs }: Parts) => ({
  list: os.jobs.list.handler(({ input }) => jobs.list(input.limit)),
  get: os.jobs.get.handler(({ input }) => jobs.get(input.job)),
  watch: os.jobs.watch.handler(({ signal }) => jobs.topic.stream(signal)),
  cancel: os.jobs.cancel.handler(({ input }) => jobs.cancel(input.job)),
});
