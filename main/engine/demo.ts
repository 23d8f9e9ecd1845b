import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import type { ProcessStatus } from '../contract/system.ts';
import type { AssetId } from '../contract/values.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Runs } from '../runs/runs.ts';
import type { Plant } from '../store/plant.ts';
import { startFileOf } from '../host/places.ts';
import { startWatched, type Watched } from '../host/watched.ts';
import type { Jobs, JobContext } from './jobs.ts';
import type { Log } from './log.ts';

/** plant.json of the simulator: which machines there are, and that the history is whole. */
const Manifest = z.object({
  site: z.string(),
  machines: z.array(z.object({ name: z.string(), type: z.string(), area: z.string(), line: z.string(), log: z.string() })),
});

export interface DemoParts {
  readonly plant: Plant;
  readonly ingest: Ingest;
  readonly runs: Runs;
  readonly jobs: Jobs;
  readonly log: Log;
  assess(assets: readonly AssetId[], signal?: AbortSignal): Promise<void>;
  onStatus(status: ProcessStatus): void;
}

export interface Demo {
  /** Begins, or goes on with, the demo plant. */
  start(): number;
  /** At the engine's start: the simulator runs again where the plant is a demo; what was not finished goes on. */
  resume(): void;
  stop(): Promise<void>;
}

const POLL_MS = 250;
/** The event log is small and is read as a whole; what is known already is passed over. */
const EVENTS_EVERY_MS = 20_000;
const TASKS = ['rul', 'failure'] as const;
const MACHINE_TYPE = 'pump';

const manifestOf = async (folder: string, signal: AbortSignal): Promise<z.infer<typeof Manifest>> => {
  const file = join(folder, 'plant.json');
  while (!existsSync(file)) await sleep(POLL_MS, undefined, { signal });
  return Manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
};

/** The demo plant: a simulator writes its logs, the app reads them as any plant's. Each step looks first at what is done already. */
export const createDemo = ({ plant, ingest, runs, jobs, log, assess, onStatus }: DemoParts): Demo => {
  const folder = join(plant.folder, 'demo');
  const logs = join(folder, 'logs');
  let simulator: Watched | null = null;
  let events: NodeJS.Timeout | null = null;

  const simulate = (): void => {
    simulator ??= startWatched({
      name: 'simulator',
      node: process.execPath,
      program: 'simulator',
      file: startFileOf('simulator'),
      args: ['--folder', folder],
      onMessage: () => undefined,
      onStatus,
      onLine: (line) => log.warn('simulator', { line }),
    });
    events ??= setInterval(() => {
      readEvents().catch((thrown: unknown) => log.warn("the demo plant's events could not be read", { error: AppError.of(thrown).message }));
    }, EVENTS_EVERY_MS);
  };

  const readEvents = async (): Promise<void> => {
    const file = join(folder, 'events.csv');
    if (existsSync(file)) ingest.addEvents(await ingest.readEvents(file, null));
  };

  const readHistory = async ({ signal, progress }: JobContext): Promise<AssetId[]> => {
    progress('simulating', 0, null);
    const manifest = await manifestOf(folder, signal);
    simulator?.ready();
    const machines = plant.transaction(() => manifest.machines.map(({ name, type, area, line }) => plant.assets.ensure({ path: [manifest.site, area, line, name], machineType: type, axis: 'time' }).id));
    const [source] = ingest.follow([logs], { site: 'UTC', asset: null });
    if (source === undefined) throw new AppError('file-unreadable', `the demo plant's logs are not at ${logs}`, { path: logs });
    const { id } = source;
    for (;;) {
      await ingest.tick();
      const now = ingest.sources().find((entry) => entry.id === id);
      if (now === undefined || now.state === 'failed') throw new AppError('file-unreadable', now?.message ?? "the demo plant's source is gone", { path: logs });
      progress('reading', now.position, now.size);
      if (now.size > 0 && now.position >= now.size * 0.999) break;
      await sleep(POLL_MS, undefined, { signal });
    }
    await readEvents();
    return machines;
  };

  const train = async ({ signal, progress }: JobContext): Promise<void> => {
    for (const [index, task] of TASKS.entries()) {
      if (plant.models.champion(task, MACHINE_TYPE) !== undefined) continue;
      progress(`training-${task}`, index, TASKS.length);
      const { job } = runs.train({ task, machineType: MACHINE_TYPE, config: {}, horizon: task === 'failure' ? 3 : null }, 'demo');
      const cancel = (): void => {
        jobs.cancel(job);
      };
      signal.addEventListener('abort', cancel, { once: true });
      const ended = await jobs.ended(job);
      signal.removeEventListener('abort', cancel);
      if (ended.error !== null) throw AppError.fromDocument(ended.error);
      if (ended.state !== 'done') throw new AppError('run-cut', `the demo plant's training was ${ended.state}; start it again from the Training screen`);
      await assess(plant.assets.machines().map((machine) => machine.id), signal);
    }
  };

  const work = async (context: JobContext): Promise<null> => {
    const machines = await readHistory(context);
    context.progress('assessing', 0, null);
    await assess(machines, context.signal);
    await train(context);
    return null;
  };

  const start = (): number => {
    const { mode } = plant.settings.get();
    if (mode === 'own') throw new AppError('state-conflict', 'this plant holds its own data; open another folder for the demo plant (MILLWRIGHT_PLANT)');
    plant.settings.change({ mode: 'demo', ...(mode === 'none' ? { plantName: 'Demo plant' } : {}) });
    simulate();
    const under = jobs.list(50).find((job) => job.kind === 'demo' && job.state === 'running');
    return under?.id ?? jobs.start({ kind: 'demo', subject: 'Demo plant', unit: 'bytes', request: {} }, work);
  };

  return {
    start,
    resume: () => {
      if (plant.settings.get().mode !== 'demo') return;
      simulate();
      simulator?.ready();
      if (TASKS.some((task) => plant.models.champion(task, MACHINE_TYPE) === undefined)) start();
    },
    stop: async () => {
      if (events !== null) clearInterval(events);
      await simulator?.stop();
    },
  };
};
