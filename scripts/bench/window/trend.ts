// A trend of many stored readings in the real window: time to its first paint (R1), frames and long tasks while it is zoomed and panned (R2).
// node scripts/bench/window/trend.ts [sensors] [readings] [visits]: one JSON document on standard output. MILLWRIGHT_PACKAGED names the packaged
// app (npm run package); DISPLAY the screen.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron as electron, type ElectronApplication, type Page } from '@playwright/test';
import { sandboxFlags } from '../../electron.mjs';
import { inkOf, startFrames, stopFrames, timeToTrend, type Frames } from './page.ts';
import { makeLongPlant, type LongPlant } from './plant.ts';

const sensors = Number(process.argv[2] ?? 8);
const readings = Number(process.argv[3] ?? 10_000_000);
const visits = Number(process.argv[4] ?? 40);
const DRIVE_MS = 30_000;

const packaged = process.env['MILLWRIGHT_PACKAGED'];
if (packaged === undefined) throw new Error('MILLWRIGHT_PACKAGED names no packaged app: npm run package makes it');
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const rounded = (value: number): number => Number(value.toPrecision(4));

/** The value below which a share of the list lies. */
const quantile = (list: readonly number[], share: number): number => {
  const sorted = [...list].sort((a, b) => a - b);
  return rounded(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN);
};

const spread = (list: readonly number[]): object => ({ median: quantile(list, 0.5), p95: quantile(list, 0.95), most: quantile(list, 1) });

const open = async (plant: string): Promise<{ app: ElectronApplication; page: Page }> => {
  const app = await electron.launch({ executablePath: packaged, args: sandboxFlags(), env: { ...process.env, MILLWRIGHT_PLANT: plant, LANG: 'en_GB.UTF-8', LANGUAGE: 'en' } as Record<string, string> });
  const page = await app.firstWindow();
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('table', { name: 'Machines' }).getByRole('link').first().waitFor({ timeout: 120_000 });
  return { app, page };
};

/** What the engine does on its own after a start must not be in the figures. */
const settle = async (page: Page): Promise<void> => {
  await page.getByText('No work under way').waitFor({ timeout: 300_000 });
  await page.waitForTimeout(5000);
};

const firstPaint = async (page: Page, plant: LongPlant): Promise<object> => {
  const [sensor] = plant.sensors;
  const hash = `#/machine/${String(plant.asset)}?last=all&sensors=${String(sensor)}`;
  const times: number[] = [];
  for (let visit = 0; visit < visits; visit += 1) {
    times.push(await page.evaluate(timeToTrend, { hash, label: 's0. last' }));
    if (visit === 0 && (await page.evaluate(inkOf, 's0. last')) < 0.002) throw new Error('the trend that was timed is blank');
    await page.evaluate(() => (location.hash = '#/plant'));
    await page.waitForTimeout(150);
  }
  say(`first paint: ${times.map((time) => time.toFixed(0)).join(' ')} ms`);
  const [cold = Number.NaN, ...warm] = times;
  return { cold: rounded(cold), ...spread(warm) };
};

const KEYS = ['+', '+', '+', 'ArrowLeft', 'ArrowLeft', '+', '+', 'ArrowRight', 'ArrowRight', 'ArrowRight', '-', '-', 'ArrowLeft', '-', '-', '-'] as const;

/** Zooms and pans by keys, ten a second; answers with how many. */
const byKeys = async (page: Page): Promise<number> => {
  let steps = 0;
  await page.getByRole('group', { name: /^s0: / }).focus();
  for (const end = Date.now() + DRIVE_MS; Date.now() < end; ) for (const key of KEYS) {
    await page.keyboard.press(key);
    steps += 1;
    await page.waitForTimeout(100);
  }
  return steps;
};

/** Zooms by the wheel, in and out, as fast as a wheel turns. */
const byWheel = async (page: Page): Promise<number> => {
  let steps = 0;
  const chart = page.getByRole('group', { name: /^s0: / });
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  if (box === null) throw new Error('the chart is not on the screen');
  await page.mouse.move(box.x + box.width * 0.6, box.y + 40);
  await page.keyboard.down('Control');
  for (const end = Date.now() + DRIVE_MS; Date.now() < end; ) for (const turn of [-1, 1]) for (let step = 0; step < 20; step += 1) {
    await page.mouse.wheel(0, 100 * turn);
    steps += 1;
    await page.waitForTimeout(33);
  }
  await page.keyboard.up('Control');
  return steps;
};

/** Counts the processor time that the page's own thread takes, which other work on the machine doesn't lengthen; answers with its seconds so far. */
const threadSeconds = async (page: Page): Promise<() => Promise<number>> => {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => (await session.send('Performance.getMetrics')).metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? Number.NaN;
};

const drive = async (page: Page, plant: LongPlant, how: (page: Page) => Promise<number>): Promise<object> => {
  const hash = `#/machine/${String(plant.asset)}?last=all&sensors=${plant.sensors.join('.')}`;
  await page.evaluate(timeToTrend, { hash, label: `s${String(plant.sensors.length - 1)}. last` });
  await page.waitForTimeout(1500);
  const seconds = await threadSeconds(page);
  const before = await seconds();
  await page.evaluate(startFrames);
  const steps = await how(page);
  const cpuMsPerStep = rounded((1000 * ((await seconds()) - before)) / steps);
  const { frames, longTasks }: Frames = await page.evaluate(stopFrames);
  await page.evaluate(() => (location.hash = '#/plant'));
  return { steps, cpuMsPerStep, frames: frames.length, ...spread(frames), longTasksIn30s: longTasks.length, longest: rounded(Math.max(0, ...longTasks)) };
};

const folder = mkdtempSync(join(tmpdir(), 'mw-bench-window-'));
try {
  say(`writing ${String(sensors)} series of ${String(readings)} readings`);
  const plant = makeLongPlant(folder, sensors, readings);
  const { app, page } = await open(folder);
  await settle(page);
  const r1 = await firstPaint(page, plant);
  const keys = await drive(page, plant, byKeys);
  const wheel = await drive(page, plant, byWheel);
  await app.close();
  const result = { sensors, readings, visits, cores: cpus().length, load1: rounded(loadavg()[0] ?? Number.NaN), database: statSync(join(folder, 'plant.db')).size, firstPaintMs: r1, keysFrameMs: keys, wheelFrameMs: wheel };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
