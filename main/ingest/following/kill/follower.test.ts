import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../../engine/clock.ts';
import { openPlant, type Plant } from '../../../store/plant.ts';
import { assertLogsWhole, assertWhole } from './compare.ts';
import { header, lineOf, randomOf, WrittenLog } from './logs.ts';

/*
 * The follower is killed again and again, at moments that a seed makes, while logs grow and rotate and a sender sends. After every few
 * kills each stored value is compared with what was written: it is a whole beginning of it, each row once, position and rows together.
 */
const seed = 20_251_125;
const killsOfFiles = 170;
const killsOfSocket = 40;
const killsBetweenChecks = 34;
const mostRows = 30_000;
/** Milliseconds. A machine that is busy with other tests takes several times as long; only one that stands still takes longer. */
const longestWait = 120_000;
const longest = 1_200_000;

let folder = '';
let spare: ChildProcess[] = [];
let args: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millwright-follow-kill-'));
  mkdirSync(join(folder, 'logs'));
  spare = [];
});
afterEach(() => {
  for (const child of spare) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const load = (): ChildProcess =>
  spawn(process.execPath, [fileURLToPath(new URL('child.ts', import.meta.url)), ...args], { stdio: ['pipe', 'ignore', 'inherit', 'pipe'], env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'cache') } });

/** A follower at work, and what it tells: how deep in a transaction it is, how many rounds it has done. */
const begin = (): { child: ChildProcess; told: { depth: number; rounds: number; begun: number }; gone: Promise<unknown> } => {
  // The next one loads while this one lives.
  while (spare.length < 2) spare.push(load());
  const child = spare.shift() ?? load();
  const told = { depth: 0, rounds: 0, begun: 0 };
  const pipe = child.stdio[3];
  if (pipe instanceof Readable)
    pipe.on('data', (bytes: Buffer) => {
      for (const byte of bytes.toString('latin1')) {
        if (byte === 'R') told.rounds++;
        else told.depth += byte === 'B' ? 1 : -1;
        if (byte === 'B') told.begun++;
      }
    });
  const gone = once(child, 'close');
  child.stdin?.write('.');
  return { child, told, gone };
};

const patience = async (isTrue: () => boolean): Promise<void> => {
  for (const end = Date.now() + longestWait; !isTrue(); await delay(1)) if (Date.now() > end) throw new Error('the follower does nothing');
};

/** One life of the follower, ended by SIGKILL; true where a transaction was under way. */
const liveAndDie = async (random: () => number): Promise<boolean> => {
  const { child, told, gone } = begin();
  const wantsCommit = random() < 0.5;
  await patience(() => told.begun > 0 || told.rounds > 3);
  await delay(random() * 60);
  if (wantsCommit) {
    const { begun } = told;
    const end = Date.now() + 200;
    while (told.begun === begun && Date.now() < end) await delay(0);
    await delay(Math.floor(random() * 3));
  }
  child.kill('SIGKILL');
  await gone;
  return told.depth > 0;
};

const open = (): Plant => openPlant(join(folder, 'plant'), { clock: systemClock });

test(`files that are followed come in exactly once, however often the follower is killed`, { timeout: longest }, async () => {
  const random = randomOf(seed);
  const logs = [new WrittenLog(join(folder, 'logs'), 1, 'rename'), new WrittenLog(join(folder, 'logs'), 2, 'copy'), new WrittenLog(join(folder, 'logs'), 3, 'none')];
  args = [join(folder, 'plant'), join(folder, 'logs')];
  const writer = setInterval(() => {
    const log = logs[Math.floor(random() * logs.length)];
    if (!log || log.rows > mostRows) return;
    if (random() < 0.002) log.rotate();
    else if (random() < 0.3) log.write(Math.ceil(random() * 30));
    else log.write(Math.ceil(random() * 300));
  }, 3);
  let inCommit = 0;
  let before = [0, 0, 0];
  try {
    for (let kill = 1; kill <= killsOfFiles; kill++) {
      if (await liveAndDie(random)) inCommit++;
      if (kill % killsBetweenChecks !== 0) continue;
      const plant = open();
      before = assertLogsWhole(plant, logs, before);
      plant.close();
    }
  } finally {
    clearInterval(writer);
  }
  for (const log of logs) log.finishLine();
  const { child, told, gone } = begin();
  await patience(() => told.rounds > 40);
  child.kill('SIGKILL');
  await gone;
  const plant = open();
  for (const { machine, rows } of logs) assertWhole(plant, machine, rows, rows);
  const [source] = plant.sources.list();
  expect(source?.position).toBe(source?.size);
  plant.close();
  process.stdout.write(`${killsOfFiles} kills while files were followed, ${inCommit} of them within a commit; ${logs.reduce((sum, { rows }) => sum + rows, 0)} rows, each stored once, ${source?.counts.late} of them late (seed ${seed})\n`);
  // Otherwise the kills told nothing of commits.
  expect(inCommit).toBeGreaterThan(killsOfFiles / 10);
});

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
};

/** A logger that keeps what isn't acknowledged and sends it again over the next connection. */
class Sender {
  /** Rows that are known to be kept, and those that have been sent at least once. */
  kept = 0;
  sent = 0;
  private readonly port: number;
  private socket: Socket | null = null;
  private isWanted = true;

  constructor(port: number) {
    this.port = port;
  }

  stop(): void {
    this.isWanted = false;
    this.socket?.destroy();
  }

  async run(total: number): Promise<void> {
    while (this.isWanted && this.kept < total) {
      await this.connection(total);
      await delay(5);
    }
  }

  private async connection(total: number): Promise<void> {
    const socket = connect(this.port, '127.0.0.1');
    this.socket = socket;
    const from = this.kept;
    const ends: number[] = [];
    let bytes = header.length;
    socket.on('error', () => undefined);
    let answers = '';
    socket.on('data', (chunk) => {
      answers += chunk.toString('latin1');
      for (const [, count] of answers.matchAll(/OK (\d+)\n/g)) while (from + ends.length > this.kept && (ends[this.kept - from] ?? Infinity) <= Number(count)) this.kept++;
      answers = answers.slice(answers.lastIndexOf('\n') + 1);
    });
    const ended = once(socket, 'close').catch(() => undefined);
    socket.write(header);
    for (let row = from; this.isWanted && !socket.destroyed; ) {
      if (row < total) {
        const line = lineOf(1, row);
        // In two pieces, so that lines are cut in the middle as well.
        socket.write(line.slice(0, 9));
        socket.write(line.slice(9));
        bytes += line.length;
        ends.push(bytes);
        row++;
        this.sent = Math.max(this.sent, row);
      } else if (this.kept >= total) break;
      await delay(row % 8 === 0 || row >= total ? 1 : 0);
    }
    socket.destroy();
    await ended;
  }
}

test('what a sender was told to be kept is stored exactly once, however often the receiver is killed', { timeout: longest }, async () => {
  const random = randomOf(seed + 1);
  const port = await freePort();
  args = [join(folder, 'plant'), `tcp-listen://127.0.0.1:${port}`];
  const sender = new Sender(port);
  const total = 1_000_000;
  const sending = sender.run(total);
  let inCommit = 0;
  for (let kill = 1; kill <= killsOfSocket; kill++) {
    if (await liveAndDie(random)) inCommit++;
  }
  // The last one lives until it has stored all that was kept.
  const { child, told, gone } = begin();
  await patience(() => told.rounds > 20);
  sender.stop();
  await sending;
  const rounds = told.rounds;
  await patience(() => told.rounds > rounds + 40);
  child.kill('SIGKILL');
  await gone;
  const plant = open();
  expect(plant.check().problems).toEqual([]);
  const seen = assertWhole(plant, 1, sender.kept, sender.sent);
  const [source] = plant.sources.list();
  expect(source).toMatchObject({ rowsStored: seen, counts: { replaced: 0 } });
  plant.close();
  process.stdout.write(`${killsOfSocket} kills while lines were received, ${inCommit} of them within a commit; ${sender.kept} rows acknowledged, ${seen} stored, ${source?.counts.duplicates} readings sent twice, ${source?.quarantined} half lines set aside (seed ${seed + 1})\n`);
  expect(sender.kept).toBeGreaterThan(100);
});
