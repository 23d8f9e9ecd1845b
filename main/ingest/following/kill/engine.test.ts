import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FollowRequest } from '../../../contract/data.ts';
import { EngineMessage } from '../../../contract/host.ts';
import { systemClock } from '../../../engine/clock.ts';
import { silentLog } from '../../../engine/log.ts';
import { openPlant, type Plant } from '../../../store/plant.ts';
import { createIngest } from '../../ingest.ts';
import { assertLogsWhole } from './compare.ts';
import { randomOf, WrittenLog } from './logs.ts';

/*
 * The window's own engine, the whole process, is killed while it starts, while it rests and while it commits, and logs grow and rotate all
 * the time. follower.test.ts kills the following alone, and more often: that starts and goes round quicker.
 */
const seed = 20_251_127;
const kills = 32;
const killsBetweenChecks = 8;
const mostRows = 20_000;
/** Milliseconds. A machine that is busy with other tests takes several times as long as the test does alone (70 s). */
const longestWait = 120_000;
const longest = 900_000;
/** The engine looks at its sources once a second. Milliseconds. */
const twoRounds = 2500;

let folder = '';
let engine: ChildProcess | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millwright-engine-kill-'));
  mkdirSync(join(folder, 'logs'));
});
afterEach(() => {
  engine?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const plantFolder = (): string => join(folder, 'plant');
const open = (): Plant => openPlant(plantFolder(), { clock: systemClock });

const patience = async (what: string, isTrue: () => boolean): Promise<void> => {
  for (const end = Date.now() + longestWait; !isTrue(); await delay(5)) if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
};

interface Life {
  isReady(): boolean;
  /** Ends it as a power cut would. */
  end(): Promise<void>;
}

const begin = (): Life => {
  const child = fork(fileURLToPath(new URL('../../../engine/start.ts', import.meta.url)), ['--plant', plantFolder()], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'cache') },
  });
  engine = child;
  const told: EngineMessage[] = [];
  child.on('message', (message) => {
    const known = EngineMessage.safeParse(message);
    if (known.success) told.push(known.data);
  });
  const gone = once(child, 'close');
  return {
    isReady: () => {
      const [refused] = told.flatMap((each) => (each.kind === 'refused' ? [each.error.message] : []));
      if (refused !== undefined) throw new Error(`the engine refused the plant: ${refused}`);
      if (child.exitCode !== null) throw new Error(`the engine ended by itself with ${child.exitCode}`);
      return told.length > 0;
    },
    end: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
};

/** When the write-ahead log was written to last: that a commit goes on, seen from outside. */
const writtenAt = (): number => statSync(join(plantFolder(), 'plant.db-wal'), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** One life of the engine; how it was ended: in its start, at rest or while it wrote. */
const liveAndDie = async (random: () => number): Promise<'start' | 'any' | 'write'> => {
  const life = begin();
  const kind = random();
  if (kind < 0.2) await delay(random() * 1500);
  else {
    await patience('the engine is ready', () => life.isReady());
    if (kind < 0.5) await delay(random() * twoRounds);
    else {
      // What the start itself writes is out by then; the first round is a second after it.
      await delay(500);
      const before = writtenAt();
      const end = Date.now() + 2 * twoRounds;
      while (writtenAt() === before && Date.now() < end) await delay(0);
      const isWriting = writtenAt() !== before;
      await delay(Math.floor(random() * 4));
      await life.end();
      return isWriting ? 'write' : 'any';
    }
  }
  await life.end();
  return kind < 0.2 ? 'start' : 'any';
};

test(`the engine is killed ${kills} times while it follows, and every row is stored exactly once`, { timeout: longest }, async () => {
  const random = randomOf(seed);
  const logs = [new WrittenLog(join(folder, 'logs'), 1, 'rename'), new WrittenLog(join(folder, 'logs'), 2, 'copy'), new WrittenLog(join(folder, 'logs'), 3, 'none')];
  const first = open();
  createIngest({ plant: first, clock: systemClock, log: silentLog }).follow(FollowRequest.parse({ paths: [join(folder, 'logs')], site: 'UTC' }));
  first.close();
  const writer = setInterval(() => {
    const log = logs[Math.floor(random() * logs.length)];
    if (!log || log.rows > mostRows) return;
    if (random() < 0.001) log.rotate();
    else log.write(Math.ceil(random() * 200));
  }, 5);
  const ends = { start: 0, any: 0, write: 0 };
  let before = [0, 0, 0];
  try {
    for (let kill = 1; kill <= kills; kill++) {
      ends[await liveAndDie(random)]++;
      if (kill % killsBetweenChecks !== 0) continue;
      const plant = open();
      before = assertLogsWhole(plant, logs, before);
      plant.close();
    }
  } finally {
    clearInterval(writer);
  }
  for (const log of logs) log.finishLine();
  const rows = logs.reduce((sum, log) => sum + log.rows, 0);
  const last = begin();
  await patience('the last engine is ready', () => last.isReady());
  const reader = openPlant(plantFolder(), { clock: systemClock, readOnly: true });
  await patience('all rows are stored', () => reader.sources.list()[0]?.rowsStored === rows);
  reader.close();
  await last.end();
  const plant = open();
  assertLogsWhole(plant, logs, logs.map((log) => log.rows));
  plant.close();
  process.stdout.write(`${kills} kills of a whole engine: ${ends.start} in its start, ${ends.write} while it wrote, ${ends.any} at any other moment; ${rows} rows, each stored once (seed ${seed})\n`);
  // Otherwise the kills told nothing of commits.
  expect(ends.write).toBeGreaterThan(0);
});
