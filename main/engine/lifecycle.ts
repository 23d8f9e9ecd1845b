import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createRecoveryRouter } from '../api/recovery.ts';
import type { StorageKeeper } from '../api/parts.ts';
import type { EngineRouter } from '../api/router.ts';
import { createPortPair, type Port, type PortEnd } from '../channel/port.ts';
import { createServer } from '../channel/serve.ts';
import { listen } from '../channel/socket.ts';
import { AppError } from '../contract/errors.ts';
import type { Rebuilt } from '../contract/storage.ts';
import { CONTRACT_VERSION, type Hello } from '../contract/system.ts';
import type { WorkHooks } from '../store/backup.ts';
import { listBackups } from '../store/backups.ts';
import { acquirePlantLock, writeHolder } from '../store/lock.ts';
import { stageBackup } from '../store/restore.ts';
import { salvagePlant } from '../store/salvage/salvage.ts';
import { swapIn } from '../store/swap.ts';
import type { Clock } from './clock.ts';
import type { OpenCompute } from './compute.ts';
import type { Log } from './log.ts';
import { tellNewest } from './storage/backups.ts';
import { createStorageMonitor, type MonitoredPlant, type StorageMonitor } from './storage/monitor.ts';
import { APP_VERSION } from './version.ts';

export interface EngineOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether sources are followed, schedules run and other processes may connect; false for one command of the command line. */
  readonly background: boolean;
  /** Reaches the hidden window that computes on the graphics card; none unless the window app started this engine. */
  readonly openCompute?: OpenCompute;
}

export interface Engine {
  /** Serves a face that speaks over this port. */
  serve(port: PortEnd, actor: string): void;
  /** A port of this very process. */
  connect(actor: string): Port;
  /** Begins the demo plant where the first start's question is not answered yet. */
  beginDemo(): void;
  close(): Promise<void>;
}

/** An open plant with everything that works on it. */
export interface OpenedPlant {
  readonly router: EngineRouter;
  readonly plant: MonitoredPlant;
  beginDemo(): void;
  /** Writes into the audit trail what was done to the plant while it was closed. */
  note(actor: string, act: string, details: unknown): void;
  close(): Promise<void>;
}

/** What the plant's parts are handed by the engine that opens them. */
export interface Surroundings {
  readonly storage: StorageKeeper;
  readonly monitor: StorageMonitor;
  readonly hello: () => Hello;
}

const TICK_MS = 5000;
/** Ports of before are ended when the answer to whoever asked for the change is out. */
const GRACE_MS = 250;

/** Codes with which a plant can't be opened now, and can be later without anybody touching it. */
const PASSING = new Set(['disk-full', 'plant-locked', 'file-unreadable']);

/** A local socket by which the command line finds the engine that holds the plant. Its path is short: the system allows 107 bytes. */
const socketStem = (folder: string): string => `millwright-${createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 16)}-`;
const socketPath = (folder: string): string => join(tmpdir(), `${socketStem(folder)}${process.pid}.sock`);

/** Takes away what engines of this plant left that were killed. To be called by the holder of the lock: none of them lives. */
const removeLeftSockets = async (folder: string): Promise<void> => {
  for (const name of await readdir(tmpdir())) if (name.startsWith(socketStem(folder)) && name.endsWith('.sock')) await rm(join(tmpdir(), name), { force: true });
};

/**
 * Opens a plant and serves it, for as long as the engine lives. A plant that is damaged, or can't be opened for now, doesn't end the engine:
 * it says how it stands, restores and rebuilds, and opens the plant anew when that is done or when what kept it is over.
 */
class Lifecycle implements Engine {
  readonly #options: EngineOptions;
  readonly #open: (surroundings: Surroundings) => OpenedPlant;
  readonly #monitor: StorageMonitor;
  readonly #startedAt: Hello['startedAt'];
  readonly #ports = new Set<PortEnd>();
  readonly #path: string;
  #release: (() => void) | null = null;
  #plant: OpenedPlant | null = null;
  #why: AppError | null = null;
  #server: ReturnType<typeof createServer> | null = null;
  #socket: Awaited<ReturnType<typeof listen>> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isMending = false;

  constructor(options: EngineOptions, open: (surroundings: Surroundings) => OpenedPlant) {
    this.#options = options;
    this.#open = open;
    this.#startedAt = options.clock.now();
    this.#path = socketPath(options.folder);
    this.#monitor = createStorageMonitor(options);
    tellNewest(options.folder, this.#monitor);
  }

  async start(): Promise<void> {
    const { background } = this.#options;
    try {
      this.#openPlant();
    } catch (thrown) {
      this.#release?.();
      throw thrown;
    }
    if (!background) return;
    if (this.#release !== null) await removeLeftSockets(this.#options.folder);
    this.#socket = await listen(this.#path, (port) => this.serve(port, 'cli'));
    this.#tellHolder();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** By this the command line finds the engine. */
  #tellHolder(): void {
    if (this.#socket === null || this.#release === null) return;
    try {
      writeHolder(this.#options.folder, { pid: process.pid, socket: this.#path, contract: CONTRACT_VERSION });
    } catch (thrown) {
      // A disk without room for a few bytes: the command line then says that the plant is held.
      this.#options.log.warn('the command line can\'t find this engine', { error: AppError.of(thrown).message });
    }
  }

  serve(port: PortEnd, actor: string): void {
    this.#ports.add(port);
    port.on('close', () => this.#ports.delete(port));
    this.#server?.serve(port, { actor });
  }

  connect(actor: string): Port {
    const [face, engine] = createPortPair();
    engine.on('close', () => face.end());
    this.serve(engine, actor);
    return face;
  }

  beginDemo(): void {
    this.#plant?.beginDemo();
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#socket?.close();
    await this.#plant?.close();
    this.#release?.();
    if (this.#socket !== null) await rm(this.#path, { force: true });
  }

  /** Opens the plant, or serves what is left without one. @throws AppError what only whoever started this can mend */
  #openPlant(): void {
    const { folder, background, log } = this.#options;
    const storage = this.#keeper();
    try {
      this.#release ??= acquirePlantLock(folder);
      const plant = this.#open({ storage, monitor: this.#monitor, hello: () => this.#hello() });
      this.#plant = plant;
      this.#why = null;
      this.#serveBy(plant.router);
      this.#monitor.opened(plant.plant);
      this.#tellHolder();
      log.info('the plant is open', { folder, background });
    } catch (thrown) {
      const error = AppError.of(thrown);
      const isHeld = this.#release === null && error.code === 'plant-locked';
      if (isHeld || (error.code !== 'plant-damaged' && !(background && PASSING.has(error.code)))) throw thrown;
      if (this.#why?.message !== error.message) log.error('the plant can\'t be opened', { folder, error: error.message });
      this.#why = error;
      this.#serveBy(createRecoveryRouter({ storage, hello: () => this.#hello(), why: () => this.#why ?? error }));
      this.#monitor.closed(error);
    }
  }

  #serveBy(router: EngineRouter): void {
    const { log } = this.#options;
    const before = [...this.#ports];
    this.#server = createServer(router, (error) => log.error('a call ended by a bug', { error: error.message, stack: error.cause instanceof Error ? error.cause.stack : error.stack }));
    if (before.length > 0) setTimeout(() => before.forEach((port) => port.end()), GRACE_MS);
  }

  #hello(): Hello {
    return { contract: CONTRACT_VERSION, app: APP_VERSION, enginePid: process.pid, plantFolder: this.#options.folder, startedAt: this.#startedAt };
  }

  #tick(): void {
    this.#monitor.tick();
    if (this.#plant !== null || this.#isMending || this.#why === null || !PASSING.has(this.#why.code)) return;
    try {
      this.#openPlant();
    } catch (thrown) {
      this.#options.log.error('the plant can\'t be opened', { error: AppError.of(thrown).message });
    }
  }

  #keeper(): StorageKeeper {
    const { folder } = this.#options;
    return {
      topic: this.#monitor.topic,
      state: () => this.#monitor.state(),
      backups: () => listBackups(folder),
      restore: (file, actor) => this.#mend('restore', actor, { file }, async (hooks) => {
        const stamp = this.#stamp();
        const stage = await stageBackup(file, folder, stamp, hooks);
        await this.#closePlant();
        hooks.progress?.('replacing', 0, null);
        return { kept: swapIn(folder, stage, `before-restore-${stamp}`) };
      }),
      rebuild: (actor) => this.#mend('rebuild', actor, {}, async (hooks): Promise<Rebuilt> => {
        await this.#closePlant();
        return salvagePlant(folder, { stamp: this.#stamp(), now: this.#options.clock.now(), hooks });
      }),
    };
  }

  #stamp(): string {
    return new Date(this.#options.clock.now() / 1000).toISOString().replaceAll(':', '');
  }

  async #closePlant(): Promise<void> {
    if (this.#plant === null) return;
    await this.#plant.close();
    this.#plant = null;
    this.#monitor.closed(null);
  }

  /** Runs what takes the plant's place, and opens the plant anew whatever comes of it. */
  async #mend<T>(kind: 'restore' | 'rebuild', actor: string, input: unknown, work: (hooks: WorkHooks) => Promise<T>): Promise<T> {
    if (this.#isMending) throw new AppError('state-conflict', 'the plant is being restored or rebuilt already; wait until that has ended');
    this.#isMending = true;
    const unit = kind === 'restore' ? 'steps' : 'rows';
    try {
      const done = await work({ progress: (stage, at, total) => this.#monitor.working({ kind, stage, done: at, total, unit }) });
      this.#openPlant();
      this.#plant?.note(actor, `storage.${kind}`, { input, ok: true, result: done });
      return done;
    } finally {
      this.#isMending = false;
      this.#monitor.working(null);
      // Whatever came of it, the plant that was open is open again.
      if (this.#plant === null && this.#why === null) this.#openPlant();
    }
  }
}

/**
 * @param open what to do with a plant's folder once this engine has its lock
 * @throws AppError('plant-locked') when another process holds it; 'plant-newer'; without background also 'file-unreadable', 'disk-full'
 */
export const startLifecycle = async (options: EngineOptions, open: (surroundings: Surroundings) => OpenedPlant): Promise<Engine> => {
  const engine = new Lifecycle(options, open);
  await engine.start();
  return engine;
};
