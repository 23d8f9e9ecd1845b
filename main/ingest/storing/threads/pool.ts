import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { roomsOf } from './rooms.ts';
import type { Stretch, StretchFile } from './stretch.ts';

/** What a reader is asked. */
export interface StretchOrder {
  file: StretchFile;
  from: number;
  to: number;
  isStart: boolean;
}

/** What a reader is told: an order, or memory that was handed over and is free again. */
export type ReaderMessage = { order: StretchOrder } | { rooms: ArrayBuffer[] };

/** More than three would wait for the one that commits, and each holds a stretch in memory. */
const mostReaders = 3;

/** The program of a reader: main/reader/start.ts as source, reader/start.js beside this file's folder as bundle. */
const program = (): URL | null => ['../reader/start.js', '../../../reader/start.ts'].map((path) => new URL(path, import.meta.url)).find((url) => existsSync(fileURLToPath(url))) ?? null;

interface Task {
  order: StretchOrder;
  done: (stretch: Stretch | null) => void;
}

/** Threads that read stretches of files. Whatever goes wrong in one of them comes to null: the stretch is then read by who asked. */
export class ReaderPool {
  readonly size = Math.min(mostReaders, availableParallelism());
  private readonly idle: Worker[] = [];
  private readonly busy = new Map<Worker, Task>();
  private readonly waiting: Task[] = [];
  private readonly origins = new WeakMap<Stretch, Worker>();

  /** Null where there is no second core, or no program of a reader. */
  static open(): ReaderPool | null {
    const path = program();
    if (path === null || availableParallelism() < 2) return null;
    return new ReaderPool(path);
  }

  private constructor(path: URL) {
    for (let i = 0; i < this.size; i++) {
      const worker = new Worker(path, { execArgv: ['--disable-warning=ExperimentalWarning'], stdout: true, stderr: true, resourceLimits: { maxYoungGenerationSizeMb: 3 } });
      worker.on('message', (stretch: Stretch | null) => this.settle(worker, stretch));
      worker.on('error', () => this.drop(worker));
      worker.on('exit', () => this.drop(worker));
      this.idle.push(worker);
    }
  }

  read(order: StretchOrder): Promise<Stretch | null> {
    return new Promise((done) => {
      this.waiting.push({ order, done });
      this.work();
    });
  }

  /** Gives a reader the memory back that its stretch came in. */
  free(stretch: Stretch): void {
    const worker = this.origins.get(stretch);
    const rooms = roomsOf(stretch);
    if (worker && rooms.length > 0) this.send(worker, { rooms }, rooms);
  }

  /** Ends the threads; what they are still asked comes to null. */
  async close(): Promise<void> {
    const workers = [...this.idle, ...this.busy.keys()];
    await Promise.all(workers.map((worker) => worker.terminate()));
    for (const { done } of this.waiting.splice(0)) done(null);
  }

  private send(worker: Worker, message: ReaderMessage, rooms: ArrayBuffer[]): void {
    worker.postMessage(message, rooms);
  }

  private work(): void {
    if (this.idle.length === 0 && this.busy.size === 0) for (const { done } of this.waiting.splice(0)) done(null);
    while (this.idle.length > 0 && this.waiting.length > 0) {
      const worker = this.idle.pop();
      const task = this.waiting.shift();
      if (!worker || !task) return;
      this.busy.set(worker, task);
      this.send(worker, { order: task.order }, []);
    }
  }

  private settle(worker: Worker, stretch: Stretch | null): void {
    const task = this.busy.get(worker);
    this.busy.delete(worker);
    this.idle.push(worker);
    if (stretch) this.origins.set(stretch, worker);
    task?.done(stretch);
    this.work();
  }

  private drop(worker: Worker): void {
    const task = this.busy.get(worker);
    this.busy.delete(worker);
    const at = this.idle.indexOf(worker);
    if (at >= 0) this.idle.splice(at, 1);
    task?.done(null);
    this.work();
  }
}
