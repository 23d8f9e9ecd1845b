import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createMultiplexer, type PortMessage } from './multiplex.ts';
import { createPortPair, type PortEnd } from './port.ts';
import { connectTo, listen } from './socket.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const heard = (port: PortEnd): unknown[] => {
  const all: unknown[] = [];
  port.on('message', (event) => all.push(event?.data));
  return all;
};
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

test('a pair of ports carries frames both ways, in order, and not after its end', async () => {
  const [left, right] = createPortPair();
  const atRight = heard(right);
  const atLeft = heard(left);
  left.postMessage('a');
  left.postMessage('b');
  right.postMessage(new Uint8Array([1]));
  await turn();
  expect(atRight).toEqual(['a', 'b']);
  expect(atLeft).toEqual([new Uint8Array([1])]);
  right.end();
  left.postMessage('c');
  await turn();
  expect(atRight).toEqual(['a', 'b']);
});

test('ports that both sides open over one channel are not taken for each other', async () => {
  const atLeft: PortEnd[] = [];
  const atRight: PortEnd[] = [];
  const left = createMultiplexer((message) => void right.take(structuredClone(message)), (port) => atLeft.push(port));
  const right = createMultiplexer((message) => void left.take(structuredClone(message)), (port) => atRight.push(port));
  const mine = left.open();
  const theirs = right.open();
  const [heardLeft, heardRight] = [...atLeft, ...atRight].map(heard);
  mine.postMessage('from the left');
  theirs.postMessage('from the right');
  await turn();
  expect([heardLeft, heardRight]).toEqual([['from the right'], ['from the left']]);

  // The end of one is not the end of the other.
  atLeft[0]?.end();
  mine.postMessage('more');
  await turn();
  expect(heardRight).toEqual(['from the left', 'more']);
});

test('many ports share one channel and each hears only its own', async () => {
  const accepted: PortEnd[] = [];
  const toServer = (message: PortMessage): void => {
    server.take(structuredClone(message));
  };
  const client = createMultiplexer(toServer);
  const server = createMultiplexer((message) => client.take(structuredClone(message)), (port) => accepted.push(port));
  const first = client.open();
  const second = client.open();
  const [one, two] = accepted.map(heard);
  first.postMessage('for one');
  second.postMessage('for two');
  await turn();
  expect([one, two]).toEqual([['for one'], ['for two']]);

  let ended = 0;
  accepted[0]?.on('close', () => (ended += 1));
  accepted[1]?.on('close', () => (ended += 1));
  first.end();
  expect(ended).toBe(1);
  server.endAll();
  expect(ended).toBe(2);
});

test('what is no message of a port is left to others', () => {
  const ports = createMultiplexer(() => undefined);
  expect(ports.take({ kind: 'ready', pid: 1 })).toBe(false);
  expect(ports.take('port-open')).toBe(false);
  expect(ports.take({ kind: 'port-open', port: 1, extra: true })).toBe(false);
});

const socketFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'mw-channel-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 's.sock');
};

test('a socket carries text and bytes of any size whole', async () => {
  const path = socketFile();
  const accepted: PortEnd[] = [];
  const server = await listen(path, (port) => accepted.push(port));
  closers.push(() => server.close());
  const port = await connectTo(path);
  closers.push(() => port.end());
  await turn();
  const [peer] = accepted;
  if (peer === undefined) throw new Error('no connection was accepted');
  const received = heard(peer);
  const long = '中'.repeat(400_000);
  const bytes = new Uint8Array(300_000).map((_, index) => index % 251);
  port.postMessage('');
  port.postMessage(long);
  port.postMessage(bytes);
  await expect.poll(() => received.length).toBe(3);
  expect(received).toEqual(['', long, bytes]);
});

test('the end of a socket is the end of its port; a stranger with a mad length is cut off', async () => {
  const path = socketFile();
  let ended = 0;
  const server = await listen(path, (port) => port.on('close', () => (ended += 1)));
  closers.push(() => server.close());
  const port = await connectTo(path);
  port.end();
  await expect.poll(() => ended).toBe(1);
  const stranger = connect(path);
  stranger.on('error', () => undefined);
  stranger.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0]));
  await expect.poll(() => ended).toBe(2);
});

test('nobody listening is said as such', async () => {
  await expect(connectTo(socketFile())).rejects.toMatchObject({ code: 'engine-unreachable' });
});
