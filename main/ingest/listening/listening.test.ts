import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FollowRequest, type Source } from '../../contract/data.ts';
import type { LinkOptions } from '../../contract/sources.ts';
import { systemClock } from '../../engine/clock.ts';
import { silentLog } from '../../engine/log.ts';
import { openPlant, type Plant } from '../../store/plant.ts';
import { createIngest, type Ingest } from '../ingest.ts';

const header = 'time,a (bar),b\n';
const rowOf = (i: number): string => `${new Date(Date.UTC(2025, 0, 1) + i * 1000).toISOString().slice(0, 19)}Z,${i}.25,${1000 - i}\n`;
const rows = (from: number, to: number): string => Array.from({ length: to - from }, (_, k) => rowOf(from + k)).join('');

let folder: string;
let plant: Plant;
let ingest: Ingest;

const open = (): void => {
  plant = openPlant(folder, { clock: systemClock });
  ingest = createIngest({ plant, clock: systemClock, log: silentLog });
};
const close = async (): Promise<void> => {
  ingest.stop();
  await ingest.ended();
  plant.close();
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'listen-'));
  open();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = z.custom<AddressInfo>((address) => typeof address === 'object').parse(server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const follow = (path: string, asset: string | null = 'press', link: Partial<LinkOptions> = {}): Source => {
  const [source] = ingest.follow(FollowRequest.parse({ paths: [path], asset, options: { link } }));
  if (!source) throw new Error('nothing is followed');
  ingest.start();
  return source;
};
const now = (): Source | undefined => ingest.sources()[0];

/** Waits for what needs some time to come true. */
const until = async (isTrue: () => boolean, within = 10_000): Promise<void> => {
  const end = Date.now() + within;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error(`waited in vain: ${JSON.stringify(now())}`);
    await ingest.tick();
    await delay(20);
  }
};

const dial = async (port: number): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.on('error', () => undefined);
  return socket;
};
const send = (socket: Socket, text: string): Promise<unknown> => new Promise((resolve) => socket.write(text, resolve));
const hangUp = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once('close', resolve).end());

const stored = (name: string, asset = 'press'): number[] => {
  const found = plant.assets.byName(asset);
  const sensor = found && plant.sensors.byName(found.id, name);
  return sensor ? [...plant.series.read(sensor.id).values] : [];
};
const spooled = (): string[] => {
  const inbox = join(folder, 'inbox', String(now()?.id));
  return existsSync(inbox) ? readdirSync(inbox) : [];
};
const expected = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, k) => from + k + 0.25);

describe('a port that loggers push lines to', () => {
  let port: number;
  beforeEach(async () => {
    port = await freePort();
  });

  it('takes several connections at once; headers that come again are no records, and nothing is left behind', async () => {
    follow(`tcp-listen://127.0.0.1:${port}`);
    await until(() => now()?.reason?.code === 'no-connection');
    const [one, two] = [await dial(port), await dial(port)];
    await send(one, header + rows(0, 30));
    await send(two, header);
    await send(two, rows(30, 60));
    await until(() => stored('a').length === 60);
    expect(now()).toMatchObject({ state: 'following', connections: 2, rowsStored: 60, quarantined: 0 });
    await hangUp(one);
    const again = await dial(port);
    await send(again, header + rows(60, 61));
    await until(() => stored('a').length === 61);
    await Promise.all([hangUp(two), hangUp(again)]);
    await until(() => spooled().length === 0);
    expect(stored('a')).toEqual(expected(0, 61));
    const bytes = header.length * 3 + rows(0, 61).length;
    expect(now()).toMatchObject({ state: 'waiting', rowsStored: 61, quarantined: 0, counts: { duplicates: 0, replaced: 0 }, position: bytes, size: bytes });
    expect(ingest.followReport([]).files).toMatchObject([{ file: `tcp-listen://127.0.0.1:${port}`, rowsStored: 61 }]);
  });

  it('a half line of a connection that was cut is set aside, never joined to what comes next', async () => {
    follow(`tcp-listen://127.0.0.1:${port}`);
    await until(() => now()?.reason?.code === 'no-connection');
    const one = await dial(port);
    await send(one, header + rows(0, 25) + rowOf(25).slice(0, 24));
    await until(() => stored('a').length === 25);
    one.destroy();
    const two = await dial(port);
    await send(two, rows(26, 27));
    await until(() => stored('a').length === 26 && now()?.quarantined === 1);
    expect(stored('a')).toEqual([...expected(0, 25), 26.25]);
    expect(plant.quarantine.page(5).rows).toMatchObject([{ reason: 'row-cut', original: rowOf(25).slice(0, 24), file: expect.stringContaining('from 127.0.0.1') as string }]);
    await hangUp(two);
  });

  it('one line a connection, without a header and without a line end, is a row', async () => {
    follow(`tcp-listen://127.0.0.1:${port}`);
    await until(() => now()?.reason?.code === 'no-connection');
    const first = await dial(port);
    await send(first, header + rows(0, 22));
    await hangUp(first);
    for (let i = 22; i < 25; i++) {
      const each = await dial(port);
      await send(each, rowOf(i).trimEnd());
      await hangUp(each);
    }
    await until(() => stored('a').length === 25);
    expect(stored('a')).toEqual(expected(0, 25));
  });

  it('columns that change places or are new from one connection to the next go by their names', async () => {
    follow(`tcp-listen://127.0.0.1:${port}`);
    await until(() => now()?.reason?.code === 'no-connection');
    for (const text of [header + rows(0, 22), `time,b,a (bar),c\n${Array.from({ length: 22 }, (_, k) => { const [at, a, b] = rowOf(22 + k).trimEnd().split(','); return `${at},${b},${a},7\n`; }).join('')}`, header + rows(44, 45)]) {
      const each = await dial(port);
      await send(each, text);
      await hangUp(each);
    }
    await until(() => stored('a').length === 45);
    expect(stored('a')).toEqual(expected(0, 45));
    expect(stored('c')).toHaveLength(22);
  });

  it('a connection that sends for long leaves segments that are deleted as they are stored; what is kept survives a new start', async () => {
    follow(`tcp-listen://127.0.0.1:${port}`, 'press', { acknowledge: true });
    await until(() => now()?.reason?.code === 'no-connection');
    const count = 300_000;
    const text = header + rows(0, count);
    const socket = await dial(port);
    let acknowledged = 0;
    let answers = '';
    socket.on('data', (bytes) => {
      answers += bytes.toString();
      acknowledged = Number(/OK (\d+)\n$/.exec(answers)?.[1] ?? acknowledged);
    });
    for (let at = 0; at < text.length; at += 1 << 20) await send(socket, text.slice(at, at + (1 << 20)));
    await until(() => acknowledged === text.length, 20_000);
    await close();
    open();
    ingest.start();
    await until(() => stored('b').length === count && spooled().length === 0, 20_000);
    const values = stored('b');
    expect(values.every((value, i) => value === 1000 - i)).toBe(true);
    expect(now()).toMatchObject({ rowsStored: count, quarantined: 0, counts: { duplicates: 0, late: 0 } });
  }, 60_000);

  it('a port that is in use is said, and used once it is free; peers that may not come are turned away', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    follow(`tcp-listen://127.0.0.1:${port}`, 'press', { peers: ['10.9.9.9'] });
    await until(() => now()?.state === 'failed');
    expect(now()?.reason).toMatchObject({ code: 'port-in-use', details: { system: 'EADDRINUSE' } });
    await new Promise((resolve) => other.close(resolve));
    await until(() => now()?.reason?.code === 'no-connection');
    const socket = await dial(port);
    await new Promise((resolve) => socket.once('close', resolve));
    await until(() => now()?.reason?.code === 'peer-not-allowed');
  }, 20_000);

  it('a folder that takes nothing is told, though no connection lasts', async () => {
    const source = follow(`tcp-listen://127.0.0.1:${port}`);
    await until(() => now()?.reason?.code === 'no-connection');
    const inbox = join(folder, 'inbox', String(source.id));
    rmSync(inbox, { recursive: true });
    writeFileSync(inbox, 'in the way');
    const one = await dial(port);
    await send(one, header + rows(0, 30));
    await until(() => now()?.state === 'held');
    expect(now()).toMatchObject({ reason: { code: 'storage-failed' }, message: expect.stringContaining('ENOTDIR') as string });
  });

  it('senders are made to wait while too much waits to be stored', async () => {
    const source = follow(`tcp-listen://127.0.0.1:${port}`, 'press', { mostWaitingBytes: 1 << 16 });
    await until(() => now()?.reason?.code === 'no-connection');
    const socket = await dial(port);
    let sent = 0;
    const piece = rows(0, 5000);
    const pump = (): void => {
      while (socket.write(piece)) sent += piece.length;
    };
    socket.on('drain', pump);
    pump();
    // Nobody reads the spool here: it must stop growing by itself.
    await delay(1500);
    const before = sent;
    await delay(500);
    expect(sent).toBe(before);
    await ingest.tick();
    socket.destroy();
    ingest.unfollow(source.id);
  });
});

describe('a host that is connected to', () => {
  it('is connected to again when it is lost', async () => {
    const port = await freePort();
    follow(`tcp-connect://127.0.0.1:${port}`);
    await until(() => now()?.reason?.code === 'connection-refused');
    const serve = async (text: string) => {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.end(text);
      });
      server.listen(port, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      return server;
    };
    const first = await serve(header + rows(0, 30));
    await until(() => stored('a').length === 30);
    await new Promise((resolve) => first.close(resolve));
    const second = await serve(header + rows(30, 35));
    await until(() => stored('a').length === 35, 15_000);
    second.close();
    expect(now()?.rowsStored).toBe(35);
  }, 30_000);
});

describe('bodies of POST requests', () => {
  let url: string;
  let token: string;
  let source: Source;
  const begin = async (link: Partial<LinkOptions> = {}, asset: string | null = 'press'): Promise<void> => {
    const port = await freePort();
    source = follow(`http-listen://127.0.0.1:${port}`, asset, link);
    const access = ingest.sourceAccess(source.id);
    url = access.address;
    token = access.token ?? '';
    await until(() => now()?.reason?.code === 'no-connection');
  };
  const post = (body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = {}, query = ''): Promise<Response> => fetch(`${url}${query}`, { method: 'POST', body, headers: { authorization: `Bearer ${token}`, ...headers } });

  it('are on the disk when they are answered, and counted as duplicates when they are sent again', async () => {
    await begin();
    const answers = await Promise.all([post(header + rows(0, 30)), post(header + rows(30, 60)), post(gzipSync(header + rows(60, 90)), { 'content-encoding': 'gzip' })]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    // As after a power cut: nothing of them was read yet.
    await close();
    open();
    ingest.start();
    await until(() => stored('a').length === 90);
    expect(stored('a')).toEqual(expected(0, 90));
    expect((await post(`${header}${rows(60, 90)}${rowOf(90).trimEnd()}`)).status).toBe(200);
    await until(() => stored('a').length === 91);
    expect(now()).toMatchObject({ state: 'following', rowsStored: 91, quarantined: 0, counts: { duplicates: 60, late: 0, replaced: 0 } });
  });

  it('whatever their path is, they are taken, and nothing is told to be wrong', async () => {
    await begin();
    expect((await post(header + rows(0, 30), {}, '/')).status).toBe(200);
    expect((await post(header + rows(30, 40), {}, 'logs?asset=%')).status).toBe(200);
    await until(() => stored('a').length === 40);
    expect(now()?.state).not.toBe('held');
  });

  it('are turned away without the token, when they are too large, by another method', async () => {
    await begin({ mostBodyBytes: 2048 });
    expect((await post(rows(0, 3), { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await fetch(url, { method: 'POST', body: rows(0, 3) })).status).toBe(401);
    expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(405);
    expect((await post(rows(0, 200))).status).toBe(413);
    expect((await post(gzipSync(rows(0, 1000)), { 'content-encoding': 'gzip' })).status).toBeOneOf([400, 413]);
    const renewed = ingest.renewToken(source.id).token ?? '';
    expect((await post(rows(0, 3))).status).toBe(401);
    token = renewed;
    expect((await post(header + rows(0, 25))).status).toBe(200);
    await until(() => stored('a').length === 25);
  });

  it('name the machine that they are about, and wait while too much waits to be stored', async () => {
    await begin({ mostWaitingBytes: 1 << 16 }, null);
    expect((await post(header + rows(0, 25), {}, '?asset=pump_1')).status).toBe(200);
    expect((await post(header + rows(0, 25), {}, '?asset=pump_2')).status).toBe(200);
    await until(() => stored('a', 'pump_1').length === 25 && stored('a', 'pump_2').length === 25);
    expect((await post(header + rows(25, 4000), {}, '?asset=pump_1')).status).toBe(200);
    const turnedAway = await post(header + rows(4000, 4001), {}, '?asset=pump_1');
    expect([turnedAway.status, turnedAway.headers.get('retry-after')]).toEqual([429, '5']);
    await until(() => stored('a', 'pump_1').length === 4000);
    expect((await post(header + rows(4000, 4001), {}, '?asset=pump_1')).status).toBe(200);
    await until(() => stored('a', 'pump_1').length === 4001);
  });

  it('that are no logs are put aside where they can be looked at', async () => {
    await begin();
    expect((await post('%PDF-1.7 something else entirely\n')).status).toBe(200);
    await until(() => now()?.reason?.code === 'files-not-understood', 20_000);
    expect(spooled()).toEqual(['rejected']);
  }, 30_000);
});
