import { spawn } from 'node:child_process';
import type { Program } from './places.ts';

export interface ChildOptions {
  /** The Node that runs it: always the bundled one, never Electron's. */
  readonly node: string;
  readonly program: Program;
  readonly file: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  onMessage(message: unknown): void;
  /** Called once, when the process is gone, with why in words: 'exit code 1', 'signal SIGKILL'. */
  onExit(why: string): void;
  /** A line that it wrote on standard error. */
  onLine?(line: string): void;
}

export interface Child {
  readonly pid: number;
  /** False when the child is gone, or its channel is. */
  send(message: unknown): boolean;
  /** Asks it to end (its channel closes); after `graceMs` it is killed. */
  stop(graceMs?: number): void;
  kill(): void;
}

const GRACE_MS = 3000;

const forEachLine = (stream: NodeJS.ReadableStream, onLine: (line: string) => void): void => {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (piece: string) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') onLine(line);
  });
};

/**
 * Starts a program in a process of its own, with structured messages both ways. The child must end when its channel closes:
 * so the death of the parent, even by SIGKILL, ends it.
 */
export const startChild = (options: ChildOptions): Child => {
  const process_ = spawn(options.node, ['--disable-warning=ExperimentalWarning', options.file, ...(options.args ?? [])], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    env: { ...process.env, ...options.env },
  });
  let gone = false;
  const ended = (why: string): void => {
    if (gone) return;
    gone = true;
    options.onExit(why);
  };
  process_.on('message', (message) => options.onMessage(message));
  process_.on('error', (error) => ended(`could not be started: ${error.message}`));
  process_.on('exit', (code, signal) => ended(signal === null ? `exit code ${String(code)}` : `signal ${signal}`));
  if (process_.stderr !== null) forEachLine(process_.stderr, (line) => options.onLine?.(line));

  return {
    pid: process_.pid ?? -1,
    send: (message) => {
      if (gone || !process_.connected || typeof message !== 'object' || message === null) return false;
      // The channel's own error (it closed under our hands) shows as the child's exit.
      process_.send(message, () => undefined);
      return true;
    },
    stop: (graceMs = GRACE_MS) => {
      if (gone) return;
      if (process_.connected) process_.disconnect();
      const timer = setTimeout(() => process_.kill('SIGKILL'), graceMs);
      process_.once('exit', () => clearTimeout(timer));
    },
    kill: () => {
      process_.kill('SIGKILL');
    },
  };
};
