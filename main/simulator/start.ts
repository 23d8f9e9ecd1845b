import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DemoPlant } from './plant.ts';

/** `node start.js --folder DIR [--history DAYS] [--seed N] [--speed N] [--once]`: history first, then rows as time goes by. */
const main = (): void => {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string' },
      history: { type: 'string', default: '120' },
      seed: { type: 'string', default: '1' },
      speed: { type: 'string', default: '1' },
      once: { type: 'boolean', default: false },
    },
  });
  const [historyDays, seed, wearSpeed] = [Number(values.history), Number(values.seed), Number(values.speed)];
  if (values.folder === undefined || !(historyDays > 0) || !Number.isInteger(seed) || !(wearSpeed > 0)) {
    process.stderr.write('usage: simulator --folder DIR [--history DAYS] [--seed N] [--speed N] [--once]; DAYS and speed above 0\n');
    process.exitCode = 2;
    return;
  }
  const folder = resolve(values.folder);
  mkdirSync(folder, { recursive: true });
  const plant = new DemoPlant({ folder, seed, historyDays, wearSpeed }, Date.now());
  plant.advance(Date.now());
  process.stdout.write(`${JSON.stringify({ folder, at: new Date(plant.at).toISOString() })}\n`);
  if (values.once) return;

  const timer = setInterval(() => plant.advance(Date.now()), 1000);
  const end = (): void => {
    clearInterval(timer);
    process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  // Whoever started it is gone: by the IPC channel where there is one, else by standard input.
  if (process.channel === undefined) process.stdin.on('end', end).on('close', end).resume();
  else process.on('disconnect', end);
};

main();
