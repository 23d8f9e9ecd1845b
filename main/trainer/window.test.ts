import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadTfjsNode } from '../../ml/backend/tfjs.ts';
import { TrainingConfig } from '../../ml/documents/config.ts';
import { fleet, smallFleet } from '../../ml/testdata/fleet.ts';
import { prepare, type Prepared } from '../../ml/training/prepare.ts';
import { packFrame, unpackFrame } from '../channel/frames.ts';
import { createMultiplexer, type Multiplexer } from '../channel/multiplex.ts';
import type { PortEnd } from '../channel/port.ts';
import { ComputeCommand, type ComputeMessage } from '../contract/compute.ts';
import type { TrainerMessage } from '../contract/trainer.ts';
import { chooseForRun } from './chooseForRun.ts';
import { probeWindow } from './probeWindow.ts';
import { trainInWindow } from './trainInWindow.ts';
import { openComputeWindow } from './window.ts';

// The hidden window itself is tried in e2e/compute.spec.ts; here is what a trainer makes of all that one may say.

interface Played {
  readonly ports: Multiplexer;
  readonly commands: ComputeCommand[];
  opened: number;
  closed: number;
}

/** The other end of the trainer's ports: says `first`, then what `answer` makes of each command; null ends the conversation. */
const play = (first: ComputeMessage, answer: (command: ComputeCommand) => readonly (ComputeMessage | null)[]): Played => {
  const window: Multiplexer = createMultiplexer((message) => queueMicrotask(() => trainer.take(message)), (port: PortEnd) => {
    played.opened++;
    const say = (message: ComputeMessage | null): void => (message === null ? port.end() : port.postMessage(packFrame(message, message.kind === 'checkpoint' ? [Uint8Array.of(7)] : [])));
    port.on('close', () => played.closed++);
    port.on('message', (event) => {
      const command = ComputeCommand.parse(unpackFrame(event?.data).document);
      played.commands.push(command);
      answer(command).forEach(say);
    });
    say(first);
  });
  const trainer: Multiplexer = createMultiplexer((message) => queueMicrotask(() => window.take(message)));
  const played: Played = { ports: trainer, commands: [], opened: 0, closed: 0 };
  return played;
};

const card: ComputeMessage = { kind: 'opened', device: 'a card', reason: 'opened' };
const record = (epoch: number) => ({ epoch, loss: 1, valLoss: 1, valMetric: 1, learningRate: 1, ms: 1 });

let prepared: Prepared;
beforeAll(async () => {
  await loadTfjsNode();
  prepared = prepare(fleet(smallFleet), TrainingConfig.parse({ task: 'rul', window: 16, filters: 4, blocks: 1, kernel: 3, dense: 4 }));
}, 60_000);

describe('where a run computes', () => {
  const choose = (played: Played, wish = '') => chooseForRun(prepared, 'tfjs-node', played.ports, wish);

  it('is the window where its own network is faster there', async () => {
    const played = play(card, () => [{ kind: 'measured', msPerEpoch: 0.001 }]);
    const { window, why, reason } = await choose(played);
    expect(window?.device).toBe('a card');
    expect([why, reason]).toEqual(['faster', expect.stringMatching(/^webgpu \(a card\): 0\.0 ms an epoch of this network, tfjs-node \d/)]);
    expect(played.commands).toEqual([{ kind: 'measure', config: prepared.config, inputs: prepared.network.inputs, classes: 1 }]);
  });

  it.each([
    ['slower', [{ kind: 'measured', msPerEpoch: 1e9 }], /WebGPU \(a card\): 1000000000 ms an epoch of this network, here/],
    ['lost', [{ kind: 'lost', reason: 'the device was lost' }], /the device was lost/],
    ['gone', [null], /it ended while it was measured/],
  ] as const)('is this process where the card is %s, and the window is closed', async (_what, answers, expected) => {
    const played = play(card, () => answers);
    const { window, why, reason } = await choose(played);
    expect(window).toBeNull();
    expect(why).toBe('faster');
    expect(reason).toMatch(expected);
    await expect.poll(() => played.closed).toBe(1);
  });

  it('is this process where there is no card, with the reason', async () => {
    const none = play({ kind: 'opened', device: null, reason: 'no graphics card that WebGPU can use was found' }, () => []);
    expect(await choose(none)).toEqual({ window: null, why: 'only', reason: 'tfjs-node; WebGPU: no graphics card that WebGPU can use was found' });
    expect((await probeWindow(none.ports, 1000)).reason).toBe('no graphics card that WebGPU can use was found');
  });

  it('is what was asked for, without being measured', async () => {
    const played = play(card, () => []);
    expect(await choose(played, 'tfjs-node')).toMatchObject({ window: null, why: 'asked' });
    expect(played.opened).toBe(0);
    expect(await choose(played, 'webgpu')).toMatchObject({ window: { device: 'a card' }, why: 'asked' });
    expect(played.commands).toEqual([]);
  });
});

describe('a training in the window', () => {
  let told: TrainerMessage[];
  let written: number[];
  let cancel: AbortController;
  beforeEach(() => {
    told = [];
    written = [];
    cancel = new AbortController();
  });
  const train = async (answer: (command: ComputeCommand) => readonly (ComputeMessage | null)[]) => {
    const window = await openComputeWindow(play(card, answer).ports);
    if (typeof window === 'string') throw new Error(window);
    const task = { dataset: prepared.dataset, model: 'm', config: prepared.config, owner: 'o', checkpoint: new Uint8Array() };
    return trainInWindow(window, task, { signal: cancel.signal, tell: (message) => told.push(message), checkpoint: (bytes) => Promise.resolve(void written.push(...bytes)) });
  };
  const begun: readonly ComputeMessage[] = [{ kind: 'epoch', record: record(1) }, { kind: 'checkpoint' }];

  it.each([
    ['the device is lost', { kind: 'lost', reason: 'the device was lost' }, 'the device was lost'],
    ['the window goes', null, 'the window that computed on the graphics card has ended'],
    ['the card can not do it', { kind: 'failed', error: { code: 'internal', message: 'out of memory', details: {} } }, 'out of memory'],
  ] as const)('ends as lost when %s; what had come is told and written', async (_what, last, reason) => {
    expect(await train(() => [...begun, last])).toEqual({ lost: reason });
    expect(told).toEqual([{ kind: 'epoch', record: record(1) }]);
    expect(written).toEqual([7]);
  });

  it('fails where it would fail anywhere', async () => {
    await expect(train(() => [{ kind: 'failed', error: { code: 'training-diverged', message: 'The loss became NaN', details: {} } }])).rejects.toMatchObject({ code: 'training-diverged' });
  });

  it('is cancelled there', async () => {
    const going = train(({ kind }) => (kind === 'cancel' ? [{ kind: 'cancelled', epochsDone: 1 }] : begun));
    await expect.poll(() => written).toEqual([7]);
    cancel.abort();
    await expect(going).rejects.toMatchObject({ code: 'cancelled', details: { epochsDone: 1 } });
  });
});
