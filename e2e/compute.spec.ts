import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { expect, openWindow, packagedApp, test } from './fixtures/app.ts';
import { commandLine } from './fixtures/plants.ts';

/** Weights of the same run on processor and card may differ by so much: another order of summation over some dozen steps. */
const TOLERANCE = 1e-4;
const UNITS = 8;
const LIFE = 40;

const Trained = z.object({
  run: z.string(),
  backend: z.string(),
  backends: z.array(z.object({ backend: z.string(), afterEpoch: z.int(), why: z.string(), reason: z.string() })),
  epochs: z.array(z.object({ epoch: z.int(), loss: z.number(), valLoss: z.number() })),
});

/** Eight machines that run to their failure, as C-MAPSS writes them: unit, cycle, three settings, 21 sensors. */
const runToFailure = (folder: string): string => {
  const rows: string[] = [];
  for (let unit = 1; unit <= UNITS; unit++)
    for (let cycle = 1; cycle <= LIFE + unit; cycle++) {
      const wear = (cycle / (LIFE + unit)) ** 2;
      const sensors = Array.from({ length: 21 }, (_, sensor) => (100 + sensor + wear * (sensor % 3) + (((cycle * 31 + unit * 17 + sensor * 7) % 23) / 23 - 0.5) * 0.4).toFixed(4));
      rows.push([unit, cycle, '0.0010', '0.0002', '100.0', ...sensors].join(' '));
    }
  const file = join(folder, 'train_FD001.txt');
  writeFileSync(file, `${rows.join('\n')}\n`);
  return file;
};

/** Tiny: the software adapter is some hundred times slower than the processor. */
const configFile = (folder: string, epochs: number): string => {
  const file = join(folder, `config-${epochs}.json`);
  writeFileSync(file, JSON.stringify({ window: 8, filters: 4, blocks: 1, kernel: 3, dense: 8, epochs, patience: epochs, windowsPerEpoch: 128, batch: 64 }));
  return file;
};

const train = async (folder: string, plant: string, epochs: number, environment: Record<string, string> = {}): Promise<z.infer<typeof Trained>> => {
  const resources = join(dirname(packagedApp()), 'resources');
  const args = [join(resources, 'app.asar.unpacked', 'build', 'cli', 'start.js'), 'train', '--plant', plant, '--task', 'rul', '--seed', '3', '--config', configFile(folder, epochs), '--json'];
  const { stdout } = await promisify(execFile)(join(resources, 'node', 'bin', 'node'), args, { env: { ...process.env, ...environment } });
  return Trained.parse(JSON.parse(stdout));
};

const weightsOf = (plant: string, run: string): Float32Array => {
  const bytes = readFileSync(join(plant, 'runs', run, 'model', 'weights.bin'));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
};

test('a run computes on the graphics card in the hidden window as on the processor, and goes on there when the card is lost', async ({ folder }) => {
  test.setTimeout(240_000);
  const plant = join(folder, 'plant');
  commandLine('import', '--plant', plant, '--profile', 'cmapss', runToFailure(folder));
  const { app } = await openWindow(plant, { MILLWRIGHT_WEBGPU: 'software', MILLWRIGHT_BACKEND: 'webgpu' });
  const onCard = await train(folder, plant, 2);
  expect(onCard.backend).toBe('webgpu');

  const lost = train(folder, plant, 60);
  // Once an epoch is on the disk, the graphics card's process goes as a driver's reset takes it.
  const checkpointOf = (): string | undefined => readdirSync(join(plant, 'runs')).find((run) => run !== onCard.run && existsSync(join(plant, 'runs', run, 'checkpoint', 'last.mwck')));
  await expect.poll(checkpointOf, { timeout: 90_000, intervals: [100] }).toBeDefined();
  const gpu = await app.evaluate(({ app: electron }) => electron.getAppMetrics().find(({ type }) => type === 'GPU')?.pid ?? 0);
  process.kill(gpu, 'SIGKILL');
  const handedOver = await lost;
  expect(handedOver.backends.map(({ backend }) => backend)).toEqual(['webgpu', 'tfjs-node']);
  expect(handedOver.backends[1]?.reason).toMatch(/^webgpu was lost .* on tfjs-node$/);
  expect(handedOver.backends[1]?.afterEpoch).toBeGreaterThan(0);
  expect(handedOver.epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
  await app.close();

  const onProcessor = await train(folder, plant, 2);
  expect(onProcessor.backends).toEqual([{ backend: 'tfjs-node', afterEpoch: 0, why: 'only', reason: 'tfjs-node; WebGPU: there is no window here that could compute' }]);
  const [card, processor] = [weightsOf(plant, onCard.run), weightsOf(plant, onProcessor.run)];
  expect(card.length).toBe(processor.length);
  expect(Math.max(...card.map((weight, at) => Math.abs(weight - (processor[at] ?? Number.NaN))))).toBeLessThan(TOLERANCE);
  onCard.epochs.forEach(({ loss, valLoss }, at) => {
    expect(loss).toBeCloseTo(onProcessor.epochs[at]?.loss ?? Number.NaN, 4);
    expect(valLoss).toBeCloseTo(onProcessor.epochs[at]?.valLoss ?? Number.NaN, 4);
  });
});
