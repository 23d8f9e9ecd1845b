import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createClient, type EngineClient } from '../channel/client.ts';
import { createMultiplexer } from '../channel/multiplex.ts';
import type { PortEnd } from '../channel/port.ts';
import { connectTo } from '../channel/socket.ts';
import { contract } from '../contract/contract.ts';
import { AppError } from '../contract/errors.ts';
import { EngineMessage } from '../contract/host.ts';
import { CONTRACT_VERSION } from '../contract/system.ts';
import { SourceId } from '../contract/values.ts';
import { systemClock } from '../engine/clock.ts';
import { openEngine, type Engine } from '../engine/engine.ts';
import { silentLog } from '../engine/log.ts';
import { startChild, type Child } from '../host/child.ts';
import { readHolder } from '../store/lock.ts';
import { openPlant } from '../store/plant.ts';

/*
 * Every call of the contract over every transport: with good input, then with one thing broken at a time. A call that is added
 * to the contract and not to `samples` fails here.
 */

const csv = (folder: string): string => {
  const file = join(folder, 'press_1.csv');
  const rows = Array.from({ length: 50 }, (_, row) => `2026-01-01 00:${String(row).padStart(2, '0')}:00,${20 + row / 10},${row}`);
  writeFileSync(file, ['time,temperature [°C],count', ...rows, ''].join('\n'));
  return file;
};

const eventsFile = (folder: string): string => {
  const file = join(folder, 'events.csv');
  writeFileSync(file, 'asset,kind,mode,start,end,knownAt,comment\npress_1,failure,BRD,2026-01-01T00:49:00Z,,2026-01-01T00:50:00Z,broke\n');
  return file;
};

const plainMapping = {
  version: 1,
  layout: 'wide',
  dialect: { delimiter: ',', decimal: '.', quote: '"', encoding: 'utf-8', headerLines: 1 },
  timestamp: { kind: 'iso', format: 'yyyy-MM-dd HH:mm:ss', zone: 'UTC' },
  columns: [
    { index: 0, name: 'time', role: 'time', unit: null, unitAsWritten: null, why: '' },
    { index: 1, name: 'count', role: 'value', unit: null, unitAsWritten: null, why: '' },
  ],
  asset: null,
  machineType: null,
  axis: 'time',
  missingCodes: [],
};

const cleaning = { version: 1, mask: ['spike', 'flat', 'out-of-range'], spans: [], fill: { how: 'hold', longest: null }, resample: { step: 300e6, how: 'median' } };

/** Good input for every call, on a plant that holds one press. What the plant can't have yet answers with its own error. */
const samples = (folder: string): Record<string, { input: unknown; mayFail?: readonly string[] }> => ({
  'system.hello': { input: { contract: CONTRACT_VERSION } },
  'system.processes': { input: {} },
  'system.doctor': { input: {} },
  'system.backends': { input: {} },
  'system.cuda': { input: {} },
  'system.installCuda': { input: { from: join(folder, 'no wheels here') }, mayFail: ['state-conflict'] },
  'system.removeCuda': { input: {}, mayFail: ['state-conflict'] },
  'system.settings': { input: {} },
  'system.changeSettings': { input: { plantName: 'Conformance' } },
  'system.startDemo': { input: {}, mayFail: ['state-conflict'] },
  'plant.watch': { input: {} },
  'plant.assets': { input: {} },
  'plant.sensors': { input: {} },
  'plant.machine': { input: { asset: 1 } },
  'plant.healthHistory': { input: { asset: 1 } },
  'plant.forecastHistory': { input: { asset: 1 } },
  'plant.columns': { input: { sensors: [1], columns: 20 } },
  'plant.predict': { input: {} },
  'data.files': { input: { paths: [folder] } },
  'data.inspect': { input: { files: [join(folder, 'press_1.csv')] } },
  'data.import': { input: { files: [join(folder, 'press_1.csv')] } },
  'data.importReport': { input: { job: 1 } },
  'data.profiles': { input: {} },
  'data.saveProfile': { input: { name: 'press', mapping: plainMapping } },
  'data.removeProfile': { input: { name: 'press' } },
  'data.sources': { input: {} },
  'data.follow': { input: { paths: [join(folder, 'press_1.csv')] } },
  'data.followReport': { input: { paths: [join(folder, 'press_1.csv')] } },
  'data.unfollow': { input: { source: 1 } },
  'data.sourceAccess': { input: { source: 1 }, mayFail: ['input-invalid'] },
  'data.removeSource': { input: { source: 1 }, mayFail: ['not-found'] },
  'data.renewToken': { input: { source: 1 }, mayFail: ['input-invalid'] },
  'data.quality': { input: {} },
  'data.quarantine': { input: {} },
  'data.quarantineCounts': { input: {} },
  'data.events': { input: {} },
  'data.addEvents': { input: { events: [{ asset: 'press_1', kind: 'inspection', mode: 'UNK', start: 1e15, end: null, knownAt: 1e15, comment: null }] } },
  'data.importEvents': { input: { file: join(folder, 'events.csv') } },
  'data.points': { input: { sensor: 'count' } },
  'data.check': { input: {} },
  'data.backup': { input: { file: join(folder, 'backup.db') } },
  'quality.history': { input: { sensor: 1, periods: 10 } },
  'quality.thresholds': { input: { sensor: 1 } },
  'quality.changeThresholds': { input: { sensor: 1, chosen: { interval: null, gapFactor: 5, flatReadings: null, spikeSigmas: null, low: -20, high: 80 } } },
  'quality.cleaning': { input: { asset: 1 } },
  'quality.changeCleaning': { input: { asset: 1, recipe: cleaning } },
  'quality.previewCleaning': { input: { sensor: 1, recipe: cleaning, columns: 20 } },
  'labels.check': { input: {} },
  'labels.modes': { input: {} },
  'labels.changeModes': { input: { modes: [{ code: 'BRD', en: 'Breakdown', zh: '损坏停机', origin: 'iso-14224', isInUse: true }] } },
  'labels.changeEvent': { input: { event: 1, kind: 'inspection', mode: 'UNK', start: 1e15, end: null, comment: 'looked at' }, mayFail: ['not-found'] },
  'labels.removeEvent': { input: { event: 1, reason: 'entered by mistake' }, mayFail: ['not-found'] },
  'training.feasibility': { input: { depth: 'readings' } },
  'training.train': { input: { task: 'rul' }, mayFail: ['too-little-data', 'no-labels'] },
  'training.resume': { input: { run: 'r-none' }, mayFail: ['not-found'] },
  'training.runs': { input: {} },
  'training.run': { input: { run: 'r-none' }, mayFail: ['not-found'] },
  'training.epochs': { input: { run: 'r-none' }, mayFail: ['not-found'] },
  'training.search': { input: { run: 'r-none' }, mayFail: ['not-found'] },
  'training.modelFacts': { input: { model: 'm-none' }, mayFail: ['not-found'] },
  'training.models': { input: {} },
  'training.promote': { input: { model: 'm-none' }, mayFail: ['not-found'] },
  'training.rollback': { input: { task: 'rul', machineType: 'press' }, mayFail: ['state-conflict', 'not-found'] },
  'training.evaluate': { input: { model: 'm-none' } },
  'training.evaluation': { input: { job: 1 }, mayFail: ['not-found', 'state-conflict'] },
  'training.schedules': { input: {} },
  'training.previewCron': { input: { cron: '30 2 * * *', zone: 'Europe/Berlin' } },
  'training.addSchedule': { input: { cron: '30 2 * * *', zone: 'Europe/Berlin', task: 'rul' } },
  'training.removeSchedule': { input: { schedule: 1 } },
  'alarms.watch': { input: {} },
  'alarms.list': { input: {} },
  'alarms.history': { input: {} },
  'alarms.transitions': { input: { alarm: 1 }, mayFail: ['not-found'] },
  'alarms.acknowledge': { input: { alarm: 1, comment: '' }, mayFail: ['not-found'] },
  'alarms.shelve': { input: { alarm: 1, until: Date.now() * 1000 + 3600e6, reason: 'repair' }, mayFail: ['not-found'] },
  'alarms.feedback': { input: { alarm: 1, finding: 'false-alarm' }, mayFail: ['not-found'] },
  'alarms.unshelve': { input: { alarm: 1 }, mayFail: ['not-found'] },
  'storage.watch': { input: {} },
  'storage.state': { input: {} },
  'storage.backups': { input: {} },
  'storage.restore': { input: { file: join(folder, 'no-backup.db') }, mayFail: ['file-unreadable'] },
  'storage.rebuild': { input: {} },
  'storage.retention': { input: {} },
  'storage.changeRetention': { input: { rules: [{ asset: null, sensor: null, keepDays: 365, thenEverySeconds: 60, keepThinnedDays: null }] } },
  'storage.previewRetention': { input: { rules: [] } },
  'storage.applyRetention': { input: {} },
  'storage.export': { input: { file: join(folder, 'export.csv'), sensors: [1, 2] } },
  'jobs.list': { input: {} },
  'jobs.get': { input: { job: 1 } },
  'jobs.watch': { input: {} },
  'jobs.restart': { input: { job: 1 }, mayFail: ['state-conflict'] },
  'jobs.cancel': { input: { job: 1 }, mayFail: ['state-conflict'] },
});

/** Calls that take seconds or start lasting work: one transport tries them, the others their broken forms. */
const ONCE = new Set(['system.doctor', 'system.backends', 'system.startDemo']);

type Call = (input: unknown, options?: { signal?: AbortSignal }) => Promise<unknown>;
/** The client is a proxy that makes each call as it is named; its types know every name but one made up at run time. */
const callOf = (client: EngineClient, path: string): Call => {
  const [area = '', verb = ''] = path.split('.');
  const called = z.custom<Call>().parse(Reflect.get(z.custom<object>().parse(Reflect.get(client, area)), verb));
  return (input, options) => called(input, options);
};

const paths = Object.entries(contract).flatMap(([area, calls]) => Object.keys(calls).map((verb) => `${area}.${verb}`));
const isStream = (value: unknown): value is AsyncGenerator<unknown> => typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
const codeOf = async (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => 'answered',
    (thrown: unknown) => (thrown instanceof AppError ? thrown.code : `not an AppError: ${String(thrown)}`),
  );

interface Transport {
  readonly name: string;
  open(folder: string): Promise<{ port: PortEnd | null; client: EngineClient; close(): Promise<void> }>;
}

const childEngine = (folder: string): Promise<{ child: Child; ports: ReturnType<typeof createMultiplexer>; gone: Promise<string> }> =>
  new Promise((resolve, reject) => {
    let exited: (why: string) => void = () => undefined;
    const gone = new Promise<string>((done) => {
      exited = done;
    });
    const child = startChild({
      node: process.execPath,
      program: 'engine',
      file: join(import.meta.dirname, '../engine/start.ts'),
      args: ['--plant', folder],
      onMessage: (message) => {
        if (ports.take(message)) return;
        const told = EngineMessage.parse(message);
        if (told.kind === 'ready') resolve({ child, ports, gone });
        else reject(AppError.fromDocument(told.error));
      },
      onExit: (why) => {
        ports.endAll();
        exited(why);
        reject(new Error(`the engine ended: ${why}`));
      },
    });
    const ports = createMultiplexer((message) => child.send(message));
  });

const transports: Transport[] = [
  {
    name: 'memory',
    open: async (folder) => {
      const engine = await openEngine({ folder, clock: systemClock, log: silentLog, background: false });
      return { port: null, client: createClient(engine.connect('test')), close: () => engine.close() };
    },
  },
  {
    name: 'socket',
    open: async (folder) => {
      const engine: Engine = await openEngine({ folder, clock: systemClock, log: silentLog, background: true });
      const port = await connectTo(readHolder(folder)?.socket ?? '');
      return { port, client: createClient(port), close: () => engine.close() };
    },
  },
  {
    name: "a child's channel",
    open: async (folder) => {
      const { child, ports, gone } = await childEngine(folder);
      const port = ports.open();
      return {
        port,
        client: createClient(port),
        close: async () => {
          child.stop();
          await gone;
        },
      };
    },
  },
];

test('every call of the contract has a sample here, and no other', () => {
  expect(Object.keys(samples('')).sort()).toEqual([...paths].sort());
});

describe.each(transports)('over $name', (transport) => {
  let folder = '';
  let session: Awaited<ReturnType<Transport['open']>>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mw-conformance-'));
    // Never this user's own.
    process.env['MILLWRIGHT_CUDA'] = join(folder, 'cuda');
    const file = csv(folder);
    eventsFile(folder);
    session = await transport.open(join(folder, 'plant'));
    const { job } = await session.client.data.import({ files: [file] });
    while ((await session.client.jobs.get({ job })).state !== 'done') await new Promise((resolve) => setTimeout(resolve, 50));
  }, 60_000);
  afterAll(async () => {
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(paths)('%s: good input is answered within the contract', async (path) => {
    if (ONCE.has(path) && transport.name !== 'memory') return;
    const sample = samples(folder)[path];
    if (path === 'system.startDemo') await session.client.system.changeSettings({ mode: 'own' });
    // It opens the plant anew, and ends the ports of before: on a plant of its own.
    const own = path === 'storage.rebuild' ? await transport.open(join(folder, 'rebuilt')) : session;
    try {
      const answer = await callOf(own.client, path)(sample?.input);
      if (!isStream(answer)) return;
      // A generator that refuses does so at its first step.
      const first = z.object({ value: z.object({ kind: z.literal('snapshot'), seq: z.literal(0) }) }).parse(await answer.next());
      expect(first.value.kind).toBe('snapshot');
      await answer.return(undefined);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(AppError);
      expect(sample?.mayFail ?? []).toContain(AppError.of(thrown).code);
    } finally {
      if (own !== session) await own.close();
    }
  }, 150_000);

  test.each(paths)('%s: a key that the contract lacks is refused', async (path) => {
    const { input } = samples(folder)[path] ?? { input: {} };
    expect(await codeOf(callOf(session.client, path)({ ...z.record(z.string(), z.unknown()).parse(input), stranger: 1 }))).toBe('input-invalid');
  });

  test.each(paths)('%s: input that is no object is refused', async (path) => {
    expect(await codeOf(callOf(session.client, path)('nothing'))).toBe('input-invalid');
  });

  test('a call that the contract lacks is refused', async () => {
    expect(await codeOf(callOf(session.client, 'plant.explode')({}))).toBe('not-found');
  });

  test('a caller of another version is refused', async () => {
    expect(await codeOf(session.client.system.hello({ contract: CONTRACT_VERSION + 1 }))).toBe('version-mismatch');
  });

  test('a stream that is given up ends', async () => {
    const abort = new AbortController();
    const stream = await session.client.jobs.watch({}, { signal: abort.signal });
    await stream.next();
    const next = stream.next();
    abort.abort();
    expect(['cancelled', 'answered']).toContain(await codeOf(next));
  });
});

test('a wire that is cut ends what waits on it with engine-unreachable or cancelled', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mw-conformance-'));
  const { child, ports, gone } = await childEngine(folder);
  const client = createClient(ports.open());
  const stream = await client.jobs.watch({});
  await stream.next();
  const waiting = codeOf(stream.next());
  child.kill();
  expect(await gone).toBe('signal SIGKILL');
  expect(['engine-unreachable', 'cancelled']).toContain(await waiting);
  expect(['engine-unreachable', 'cancelled']).toContain(await codeOf(client.jobs.list({})));
  // Its lock went with it: the next one opens the plant at once.
  const next = await childEngine(folder);
  next.child.stop();
  await next.gone;
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test('every command is in the audit trail with who gave it and whether it was done; queries are not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mw-audit-'));
  const engine = await openEngine({ folder, clock: systemClock, log: silentLog, background: false });
  const client = createClient(engine.connect('night shift'));
  await client.system.changeSettings({ plantName: 'Audited' });
  await client.system.settings({});
  expect(await codeOf(client.data.unfollow({ source: SourceId.parse(99) }))).toBe('not-found');
  await engine.close();
  const plant = openPlant(folder, { clock: systemClock });
  const trail = plant.audit.list();
  plant.close();
  rmSync(folder, { recursive: true, force: true });
  expect(trail.map(({ actor, act, details }) => [actor, act, z.object({ ok: z.boolean() }).parse(details).ok])).toEqual([
    ['night shift', 'data.unfollow', false],
    ['night shift', 'system.changeSettings', true],
  ]);
});
