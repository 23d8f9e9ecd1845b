import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { FollowRequest } from '../contract/data.ts';
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
const HORIZON_DAYS = 3;
/** The logs grow while they are read: this much of what there is counts as all of the history. */
const READ_SHARE = 0.999;

const manifestOf = async (folder: string, signal: AbortSignal): Promise<z.infer<typeof Manifest>> => {
  const file = join(folder, 'plant.json');
  while (!existsSync(file)) await sleep(POLL_MS, undefined, { signal });
  return Manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
};

/** The demo plant: a simulator writes its logs, the app reads them as it would those of a real plant. Each step looks first at what is done already. */
class DemoRunner implements Demo {
  readonly #parts: DemoParts;
  readonly #folder: string;
  #simulator: Watched | null = null;
  #events: NodeJS.Timeout | null = null;

  constructor(parts: DemoParts) {
    this.#parts = parts;
    this.#folder = join(parts.plant.folder, 'demo');
  }

  start(): number {
    const { plant, jobs } = this.#parts;
    const { mode } = plant.settings.get();
    if (mode === 'own') throw new AppError('state-conflict', 'this plant holds its own data; open another folder for the demo plant (MILLWRIGHT_PLANT)');
    plant.settings.change({ mode: 'demo', ...(mode === 'none' ? { plantName: 'Demo plant' } : {}) });
    this.#simulate();
    const running = jobs.list(50).find((job) => job.kind === 'demo' && job.state === 'running');
    return running?.id ?? jobs.start({ kind: 'demo', subject: 'Demo plant', unit: 'bytes', request: {} }, (context) => this.#work(context));
  }

  resume(): void {
    const { plant } = this.#parts;
    if (plant.settings.get().mode !== 'demo') return;
    this.#simulate();
    this.#simulator?.ready();
    if (TASKS.some((task) => plant.models.champion(task, MACHINE_TYPE) === undefined)) this.start();
  }

  async stop(): Promise<void> {
    if (this.#events !== null) clearInterval(this.#events);
    await this.#simulator?.stop();
  }

  #simulate(): void {
    const { log, onStatus } = this.#parts;
    this.#simulator ??= startWatched({
      name: 'simulator',
      node: process.execPath,
      program: 'simulator',
      file: startFileOf('simulator'),
      args: ['--folder', this.#folder],
      onMessage: () => undefined,
      onStatus,
      onLine: (line) => log.warn('simulator', { line }),
    });
    this.#events ??= setInterval(() => {
      this.#readEvents().catch((thrown: unknown) => log.warn("the demo plant's events could not be read", { error: AppError.of(thrown).message }));
    }, EVENTS_EVERY_MS);
  }

  async #readEvents(): Promise<void> {
    const { ingest } = this.#parts;
    const file = join(this.#folder, 'events.csv');
    if (existsSync(file)) ingest.addEvents((await ingest.readEvents(file, null)).events, 'file');
  }

  async #work(context: JobContext): Promise<null> {
    const { plant, assess } = this.#parts;
    context.progress('simulating', 0, null);
    const manifest = await manifestOf(this.#folder, context.signal);
    this.#simulator?.ready();
    const machines = plant.transaction(() => manifest.machines.map(({ name, type, area, line }) => plant.assets.ensure({ path: [manifest.site, area, line, name], machineType: type, axis: 'time' }).id));
    await this.#readHistory(context);
    await this.#readEvents();
    context.progress('assessing', 0, null);
    await assess(machines, context.signal);
    for (const [index, task] of TASKS.entries()) {
      if (plant.models.champion(task, MACHINE_TYPE) !== undefined) continue;
      context.progress(`training-${task}`, index, TASKS.length);
      await this.#train(task, context.signal);
      await assess(machines, context.signal);
    }
    return null;
  }

  async #readHistory({ signal, progress }: JobContext): Promise<void> {
    const { ingest } = this.#parts;
    const logs = join(this.#folder, 'logs');
    const [followed] = ingest.follow(FollowRequest.parse({ paths: [logs], site: 'UTC' }));
    for (;;) {
      await ingest.tick();
      const source = ingest.sources().find((entry) => entry.id === followed?.id);
      if (source === undefined || source.state === 'failed') throw new AppError('file-unreadable', source?.message ?? `the demo plant's logs are not at ${logs}`, { path: logs });
      progress('reading', source.position, source.size);
      if (source.size > 0 && source.position >= source.size * READ_SHARE) return;
      await sleep(POLL_MS, undefined, { signal });
    }
  }

  async #train(task: (typeof TASKS)[number], signal: AbortSignal): Promise<void> {
    const { runs, jobs } = this.#parts;
    const { job } = runs.train({ task, machineType: MACHINE_TYPE, config: {}, horizon: task === 'failure' ? HORIZON_DAYS : null, search: null, cause: 'operator' }, 'demo');
    const cancel = (): void => {
      jobs.cancel(job);
    };
    signal.addEventListener('abort', cancel, { once: true });
    const ended = await jobs.ended(job);
    signal.removeEventListener('abort', cancel);
    if (ended.error !== null) throw AppError.fromDocument(ended.error);
    if (ended.state !== 'done') throw new AppError('run-cut', `the demo plant's training was ${ended.state}; start it again from the Training screen`);
  }
}

/** @param parts what the demo plant is followed, assessed and trained with */
export const createDemo = (parts: DemoParts): Demo => new DemoRunner(parts);
