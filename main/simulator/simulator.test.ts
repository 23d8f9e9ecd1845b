import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pathsOf } from './files.ts';
import { simulateHistory } from './history.ts';
import { kinds } from './kinds.ts';
import { plan } from './plan.ts';
import { DemoPlant } from './plant.ts';
import { Random } from './random.ts';
import { setPoint } from './regime.ts';

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.parse('2026-06-17T10:00:00Z');
const pumps = plan.filter((machine) => machine.type === 'pump');
const sensorIndex = (name: string): number => kinds.pump.sensors.findIndex((sensor) => sensor.name === name);
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('random numbers', () => {
  it('go on from their state as if never interrupted', () => {
    const random = Random.seeded(3);
    random.normal();
    const again = new Random(random.state);
    expect([again.uniform(), again.normal()]).toEqual([random.uniform(), random.normal()]);
  });

  it('wander with the same spread whatever the step', () => {
    for (const step of [0.05, 1]) {
      const random = Random.seeded(8);
      let value = 0;
      const values = Array.from({ length: 40_000 }, () => (value = random.wander(value, step, 1, 2)));
      expect(Math.sqrt(mean(values.map((v) => v * v)))).toBeCloseTo(2, 0);
    }
  });
});

describe('regimes', () => {
  it('stop the two-shift machines at night and on Sundays', () => {
    expect(setPoint('two-shift', Date.parse('2026-06-17T03:00:00Z'))).toBe(0);
    expect(setPoint('two-shift', Date.parse('2026-06-21T12:00:00Z'))).toBe(0);
    expect(setPoint('two-shift', Date.parse('2026-06-17T12:00:00Z'))).toBe(1);
    expect(setPoint('continuous', Date.parse('2026-06-21T03:00:00Z'))).toBeGreaterThan(0.5);
  });
});

describe('a history of 120 days', () => {
  const histories = plan.map((planned, i) => ({ planned, ...simulateHistory(planned, 11 + i * 7919, now - 120 * day, now) }));

  it('holds enough failures of pumps to learn from, and few of the single machines', () => {
    const failures = (type: string) => histories.filter(({ planned }) => planned.type === type).flatMap(({ events }) => events.filter((event) => event.kind === 'failure'));
    expect(failures('pump').length).toBeGreaterThanOrEqual(24);
    expect(failures('pump').length).toBeLessThanOrEqual(70);
    expect(new Set(failures('pump').map((event) => event.mode))).toEqual(new Set(['VIB', 'LOO']));
    expect(failures('gearbox').length).toBeLessThan(6);
  });

  it('repairs after each failure and stands still in between', () => {
    for (const { events, rows } of histories) {
      for (const failure of events.filter((event) => event.kind === 'failure')) {
        const repair = events.find((event) => event.kind === 'maintenance' && event.start > failure.start);
        const end = repair?.end ?? Infinity;
        expect(end - failure.start).toBeGreaterThan(4 * hour);
        const still = rows.filter((row) => row.at > failure.start && row.at < Math.min(end, now));
        for (const row of still) expect(Math.abs(row.readings[0] ?? 1)).toBe(0);
      }
    }
  });

  it('shows the wear in the readings that physics would show it in', () => {
    const [vibration, temperature, flow] = [sensorIndex('vibration'), sensorIndex('bearing temperature'), sensorIndex('flow')];
    for (const mode of ['VIB', 'LOO']) {
      const ratios = histories
        .filter(({ planned }) => planned.type === 'pump')
        .flatMap(({ events, rows }) =>
          events.flatMap((event, i) => {
            const before = events[i - 1]?.end;
            if (event.mode !== mode || before === null || before === undefined) return [];
            const running = rows.filter((row) => row.at > before && row.at < event.start && (row.readings[0] ?? 0) > 100);
            const [fresh, worn] = [running.slice(0, 144), running.slice(-36)];
            return [[vibration, temperature, flow].map((s) => mean(worn.map((row) => row.readings[s] ?? 0)) / mean(fresh.map((row) => row.readings[s] ?? 0)))];
          }),
        );
      const [shaking = 0, warmth = 0, output = 0] = [0, 1, 2].map((s) => mean(ratios.map((ratio) => ratio[s] ?? 0)));
      expect(ratios.length).toBeGreaterThan(2);
      if (mode === 'VIB') {
        expect(shaking).toBeGreaterThan(2.5);
        expect(warmth).toBeGreaterThan(1.3);
      } else expect(output).toBeLessThan(0.85);
    }
  });

  it('is the same for the same seed', () => {
    const [first] = histories;
    if (first === undefined) throw new Error('no machine is planned');
    expect(simulateHistory(first.planned, 11, now - 120 * day, now).rows).toEqual(first.rows);
  });

  it('ends with the planned trouble close by', () => {
    for (const { planned: demo } of histories.filter(({ planned }) => planned.failsAfterHours !== null)) {
      const { machine } = simulateHistory(demo, 5, now - 120 * day, now);
      const failure = Array.from({ length: 600 }, (_, i) => i + 1).find((i) => machine.step(now + i * 600_000, 1 / 6, 1).events.some((event) => event.kind === 'failure'));
      const hours = (failure ?? Infinity) / 6;
      expect(hours).toBeGreaterThan((demo.failsAfterHours ?? 0) * 0.4);
      expect(hours).toBeLessThanOrEqual((demo.failsAfterHours ?? 0) * 1.6 + 0.5);
    }
    expect(pumps.length).toBeGreaterThanOrEqual(6);
  });
});

describe('the plant in its folder', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plant-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const options = () => ({ folder, seed: 1, historyDays: 2, wearSpeed: 1 });
  const times = (name: string): number[] =>
    readFileSync(pathsOf(folder).log(name), 'utf8').trimEnd().split('\n').slice(1).map((line) => Date.parse(line.slice(0, 20)));

  it('writes history, then ten-second rows, and goes on after a restart without a row twice', () => {
    new DemoPlant(options(), now).advance(now + 60_000);
    appendFileSync(pathsOf(folder).log('P-101'), '2026-06-17T10:01:1');
    const plant = new DemoPlant(options(), now + 70_000);
    plant.advance(now + 90_000);
    const at = times('P-101');
    expect(at.length).toBe(2 * 144 + 9);
    expect(at.at(-1)).toBe(now + 90_000);
    expect(at.every((time, i) => i === 0 || time > (at[i - 1] ?? 0))).toBe(true);
  });

  it('fills a pause with ten-minute rows and leaves a hole where it was longer than a month', () => {
    new DemoPlant(options(), now).advance(now);
    new DemoPlant(options(), now).advance(now + 3 * hour);
    expect(times('K-101').length).toBeLessThan(2 * 144 + 18 + 130);
    new DemoPlant(options(), now).advance(now + 90 * day);
    const at = times('K-101');
    expect(at.at(-1)).toBeGreaterThan(now + 90 * day - 10_000);
    expect(Math.max(...at.map((time, i) => time - (at[i - 1] ?? time)))).toBeGreaterThan(59 * day);
  });

  it('as a process writes while it runs and ends when its standard input is closed', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'start.ts'), '--folder', folder, '--history', '1'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(JSON.parse(readFileSync(pathsOf(folder).manifest, 'utf8'))).toMatchObject({ version: 1, zone: 'UTC' });
    child.stdin.end();
    expect(await ended).toBe(0);
  });
});
