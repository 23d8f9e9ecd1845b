import { os } from './context.ts';
import type { Parts, StorageKeeper } from './parts.ts';

/** The calls that need no open plant. */
export const mendingCalls = (storage: StorageKeeper) => ({
  watch: os.storage.watch.handler(({ signal }) => storage.topic.stream(signal)),
  state: os.storage.state.handler(() => storage.state()),
  backups: os.storage.backups.handler(() => storage.backups()),
  restore: os.storage.restore.handler(({ input, context }) => storage.restore(input.file, context.actor)),
  rebuild: os.storage.rebuild.handler(({ context }) => storage.rebuild(context.actor)),
});

export const storageCalls = ({ storage, retention, jobs, exportReadings }: Parts) => ({
  ...mendingCalls(storage),
  retention: os.storage.retention.handler(() => retention.get()),
  changeRetention: os.storage.changeRetention.handler(({ input }) => retention.change(input.rules)),
  previewRetention: os.storage.previewRetention.handler(({ input, signal }) => retention.preview(input.rules, signal)),
  applyRetention: os.storage.applyRetention.handler(() => ({
    job: jobs.start({ kind: 'retention', subject: 'retention', unit: 'steps', request: {} }, (context) => retention.apply(context)),
  })),
  export: os.storage.export.handler(({ input }) => ({
    job: jobs.start({ kind: 'export', subject: input.file, unit: 'rows', request: input }, (context) => exportReadings(input, context)),
  })),
});
