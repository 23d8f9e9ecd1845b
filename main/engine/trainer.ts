import { TrainerMessage, type TrainerCommand } from '../contract/trainer.ts';
import type { ProcessStatus } from '../contract/system.ts';
import { microsOf } from '../contract/values.ts';
import { startChild } from '../host/child.ts';
import { startFileOf } from '../host/places.ts';
import { computeArgs, relayCompute, type OpenCompute } from './compute.ts';
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

/** Starts trainers, one process a run: it ends with its run, and isn't started again by itself. */
export const createTrainers = (log: Log, onStatus: (status: ProcessStatus) => void, openCompute: OpenCompute = null) => (listener: TrainerListener): TrainerProcess => {
  const tell = (state: ProcessStatus['state'], pid: number | null, lastEnd: string | null): void =>
    onStatus({ name: 'trainer', state, pid, restarts: 0, lastEnd, since: microsOf(Date.now()) });
  const ports = relayCompute((message) => child.send(message), openCompute);
  const child = startChild({
    node: process.execPath,
    program: 'trainer',
    file: startFileOf('trainer'),
    args: computeArgs(openCompute),
    env: quietTensorFlow,
    onMessage: (raw) => {
      if (ports.take(raw)) return;
      const message = TrainerMessage.parse(raw);
      if (message.kind === 'ready') tell('running', child.pid, null);
      listener.message(message);
      // Its last word: the channel is closed so that it ends.
      if (message.kind === 'done' || message.kind === 'searched' || message.kind === 'failed' || message.kind === 'cancelled') child.stop();
    },
    onLine: (line) => log.info('trainer', { line }),
    onExit: (why) => {
      ports.endAll();
      tell('ended', null, why);
      listener.exit(why);
    },
  });
  tell('starting', child.pid, null);
  return { pid: child.pid, send: (command) => child.send(command), kill: () => child.kill() };
};
