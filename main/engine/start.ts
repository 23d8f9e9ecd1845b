import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createMultiplexer } from '../channel/multiplex.ts';
import { AppError } from '../contract/errors.ts';
import type { EngineMessage } from '../contract/host.ts';
import { systemClock } from './clock.ts';
import { openEngine, type Engine } from './engine.ts';
import { createLog } from './log.ts';

/*
 * The engine as the window's child. Its parent's death closes the channel, and that ends it: no orphan, and the lock goes with
 * the process.
 */
const { values } = parseArgs({ options: { plant: { type: 'string' }, demo: { type: 'boolean', default: false } } });
if (values.plant === undefined || process.send === undefined) {
  process.stderr.write('usage: engine --plant DIR, as a child with a channel; for the command line use: npm run -s millwright -- serve\n');
  process.exit(2);
}
const folder = resolve(values.plant);
const log = createLog(join(folder, 'logs', 'engine.log'));

/** False when the parent is gone; its 'disconnect' then ends us. */
const tell = (message: unknown): boolean => process.send?.(message) ?? false;
const say = (message: EngineMessage): boolean => tell(message);

/** Longer than any commit takes; after it the process ends whatever is left, and the next start takes up what was cut. */
const CLOSE_MS = 5000;

let engine: Engine | null = null;
const ports = createMultiplexer(tell, (port) => engine?.serve(port, 'operator'));

const end = (): void => {
  setTimeout(() => process.exit(1), CLOSE_MS).unref();
  ports.endAll();
  Promise.resolve(engine?.close()).then(
    () => process.exit(0),
    (thrown: unknown) => {
      log.error('the engine did not close cleanly', { error: AppError.of(thrown).message });
      process.exit(1);
    },
  );
};
process.on('disconnect', end);
process.on('SIGTERM', end);
// Ctrl-C in a terminal reaches the whole group; the parent decides when its engine ends.
process.on('SIGINT', () => undefined);
process.on('message', (message) => {
  ports.take(message);
});

const fatal = (thrown: unknown): void => {
  const error = AppError.of(thrown);
  log.error('the engine ended by a bug', { error: error.message, stack: error.cause instanceof Error ? error.cause.stack : error.stack });
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
};
process.on('uncaughtException', fatal);
process.on('unhandledRejection', fatal);

try {
  engine = await openEngine({ folder, clock: systemClock, log, background: true, openCompute: () => ports.open() });
  if (values.demo) engine.beginDemo();
  say({ kind: 'ready', pid: process.pid });
} catch (thrown) {
  const error = AppError.of(thrown);
  log.error('the plant could not be opened', { error: error.message });
  say({ kind: 'refused', error: error.toDocument() });
  // The message must be out before the process is.
  setTimeout(() => process.exit(1), 200);
}
