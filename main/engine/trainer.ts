import { TrainerMessage, type TrainerCommand } from '../contract/trainer.ts';
import type { ProcessStatus } from '../contract/system.ts';
import { microsOf } from '../contract/values.ts';
import { startChild, type Child } from '../host/child.ts';
import { startFileOf } from '../host/places.ts';
import { computeArgs, relayCompute, type OpenCompute } from './compute.ts';
import { cudaEnvironment } from './cuda/place.ts';
import type { Log } from './log.ts';
import { quietTensorFlow } from './tensorFlowLog.ts';

export interface TrainerListener {
  message(message: TrainerMessage): void;
  /** Once, when its process is gone, whatever the reason. */
  exit(why: string): void;
}

export interface TrainerProcess {
  readonly pid: number;
  send(command: TrainerCommand): void;
  kill(): void;
}

/** What a test puts in place of the build's own. */
export interface TrainerPlace {
  /** Start file of the trainer; the build's own. */
  readonly file?: string;
  /** Environment that puts a trainer on an NVIDIA card; empty where there is none to use. */
  readonly onCard?: () => Readonly<Record<string, string>>;
}

interface TrainerOptions extends TrainerPlace {
  readonly log: Log;
  onStatus(status: ProcessStatus): void;
  readonly openCompute: OpenCompute;
}

const isLast = ({ kind }: TrainerMessage): boolean => kind === 'done' || kind === 'searched' || kind === 'failed' || kind === 'cancelled';

/** One trainer's process, or two: one that ends while it computes on a card is followed by one on the processor. */
class Trainer implements TrainerProcess {
  readonly #options: TrainerOptions;
  readonly #listener: TrainerListener;
  #child: Child;
  /** The card is in use, and what was asked can be asked again of another process. */
  #card: boolean;
  #asked: TrainerCommand | null = null;
  #epochs = 0;
  #over = false;

  constructor(options: TrainerOptions, listener: TrainerListener) {
    this.#options = options;
    this.#listener = listener;
    const environment = (options.onCard ?? cudaEnvironment)();
    this.#card = Object.keys(environment).length > 0;
    this.#child = this.#start(environment);
  }

  get pid(): number {
    return this.#child.pid;
  }

  send(command: TrainerCommand): void {
    if (command.kind === 'cancel') this.#over = true;
    else this.#asked = command;
    this.#child.send(command);
  }

  kill(): void {
    this.#over = true;
    this.#child.kill();
  }

  #tell(state: ProcessStatus['state'], pid: number | null, lastEnd: string | null): void {
    this.#options.onStatus({ name: 'trainer', state, pid, restarts: 0, lastEnd, since: microsOf(Date.now()) });
  }

  #start(environment: Readonly<Record<string, string>>): Child {
    const { log, openCompute, file } = this.#options;
    const ports = relayCompute((message) => child.send(message), openCompute);
    const child: Child = startChild({
      node: process.execPath,
      program: 'trainer',
      file: file ?? startFileOf('trainer'),
      args: computeArgs(openCompute),
      env: { ...quietTensorFlow, ...environment },
      onMessage: (raw) => {
        if (!ports.take(raw)) this.#hear(TrainerMessage.parse(raw), child);
      },
      onLine: (line) => log.info('trainer', { line }),
      onExit: (why) => {
        ports.endAll();
        this.#ended(why);
      },
    });
    this.#tell('starting', child.pid, null);
    return child;
  }

  #hear(message: TrainerMessage, child: Child): void {
    if (message.kind === 'ready') this.#tell('running', child.pid, null);
    if (message.kind === 'epoch') this.#epochs = message.record.epoch;
    // The card's libraries are there, but it computes elsewhere: its end is like any other's.
    if (message.kind === 'backend' && message.backend !== 'tfjs-node-cuda') this.#card = false;
    this.#over ||= isLast(message);
    this.#listener.message(message);
    // Its last word: the channel is closed so that it ends.
    if (isLast(message)) child.stop();
  }

  #ended(why: string): void {
    const again = this.#asked;
    if (!this.#card || this.#over || again === null || again.kind === 'cancel') {
      this.#tell('ended', null, why);
      this.#listener.exit(why);
      return;
    }
    this.#card = false;
    this.#options.log.warn('a trainer ended on the graphics card', { why, epochs: this.#epochs });
    this.#listener.message({ kind: 'backend', backend: 'tfjs-node', afterEpoch: this.#epochs, why: 'lost', reason: `tfjs-node-cuda was lost (its process ended: ${why}); the run goes on from ${this.#epochs === 0 ? 'its start' : `its checkpoint after epoch ${this.#epochs}`} on tfjs-node` });
    this.#child = this.#start({ CUDA_VISIBLE_DEVICES: '-1' });
    this.#child.send(again.kind === 'train' ? { ...again, resume: true } : again);
  }
}

/** Starts trainers, one process a run: it ends with its run, and isn't started again by itself, but for one that a card took down. */
export const createTrainers =
  (log: Log, onStatus: (status: ProcessStatus) => void, openCompute: OpenCompute = null, place: TrainerPlace = {}) =>
  (listener: TrainerListener): TrainerProcess =>
    new Trainer({ log, onStatus, openCompute, ...place }, listener);
