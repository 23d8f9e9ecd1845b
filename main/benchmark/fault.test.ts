import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Random } from '../../ml/dataset/random.ts';
import { blocksOf, foldsOf } from './hydraulic.ts';
import { readHydraulic } from './hydraulicFiles.ts';
import { parseSignals, readSignalFiles } from './signalFiles.ts';

const startFile = fileURLToPath(new URL('./start.ts', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fault-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['--disable-warning=ExperimentalWarning', startFile, ...args], (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }));
  });

describe('files of raw signals', () => {
  it('are read with a header or without, clocks, counters and text left out', () => {
    const rows = Array.from({ length: 50 }, (_, at) => [at * 0.001, Math.sin(at), at, 'ok', Math.cos(3 * at)] as const);
    const told = parseSignals(['t,x,n,state,y', ...rows.map((row) => row.join(','))].join('\n'), 'a.csv');
    expect(told.names).toEqual(['x', 'y']);
    expect(told.channels.get('y')?.[7]).toBeCloseTo(Math.cos(21), 5);
    expect(parseSignals(rows.map(([, x, , , y]) => `${x} ${y}`).join('\r\n'), 'b.txt').names).toEqual(['channel1', 'channel2']);
  });
  it('are read with decimal commas, and gaps hold the value before them', () => {
    const { channels } = parseSignals('a;b\n0,5;1,5\n;2,5\n-1,5;0,25\n', 'c.csv');
    expect([...(channels.get('a') ?? [])]).toEqual([0.5, 0.5, -1.5]);
    expect([...(channels.get('b') ?? [])]).toEqual([1.5, 2.5, 0.25]);
  });
  it('say what is wrong with them', () => {
    expect(() => parseSignals('name\nred\ngreen\n', 'd.csv')).toThrow(/no column of raw signals/);
    expect(() => readSignalFiles(join(folder, 'nowhere'), [{ name: 'a', glob: '*' }], 'training')).toThrow(/can't be read/);
  });
});

const Told = z.looseObject({ macroF1: z.number() });

describe('benchmark fault', () => {
  const write = (part: string, name: string, broken: boolean, gain: number): void => {
    mkdirSync(join(folder, part), { recursive: true });
    const random = Random.of(name.length, name);
    const lines = Array.from({ length: 7000 }, (_, t) => [0, 1].map((c) => (gain * (Math.sin(0.1 * t + c) + (broken ? 3 * Math.exp(-(t % 70) / 4) * Math.cos(2 * t) : 0) + 0.3 * random.normal())).toFixed(4)).join(','));
    writeFileSync(join(folder, part, `${name}.csv.gz`), gzipSync(`a,b\n${lines.join('\n')}\n`));
  };
  const classes = ['--class', 'healthy=h*', 'broken=b*'];

  it('learns the classes of one folder and prints one document about the other', async () => {
    write('train', 'h0', false, 1);
    write('train', 'b0', true, 1);
    write('test', 'h50', false, 2);
    write('test', 'b50', true, 2);
    const { code, out, err } = await run('fault', '--train', join(folder, 'train'), '--test', join(folder, 'test'), ...classes, '--rate', '1000', '--json');
    expect(err).toContain('2 recordings of 2 classes, channels a, b');
    expect(code).toBe(0);
    const told = Told.parse(JSON.parse(out));
    expect(told.macroF1).toBeGreaterThan(0.9);
    expect(told).toMatchObject({ perFileAccuracy: 1, windows: 54, classes: ['healthy', 'broken'], window: { samples: 256, milliseconds: 256 }, baselines: [{ name: 'majority', accuracy: 0.5 }, { name: 'spectrum-centroid' }, { name: 'spectrum-linear' }], validation: { by: 'stretch' }, seed: 1 });
  }, 120_000);

  it.each([
    [['--train', 'x'], 2, /--test DIR is missing/],
    [['--train', 'x', '--test', 'y', '--class', 'a=*'], 2, /two or more/],
    [['--train', 'x', '--test', 'y', '--class', 'a=*', 'b'], 2, /NAME=GLOB/],
    [['--train', 'x', '--test', 'y', '--class', 'a=*', '--class', 'a=b*'], 2, /given twice/],
    [['--train', '/nowhere', '--test', 'y', ...classes], 1, /nowhere .* can't be read/],
  ])('%j ends with %i', async (args, code, message) => {
    const result = await run('fault', ...args);
    expect(result).toMatchObject({ code, out: '' });
    expect(result.err).toMatch(message);
  });

  it('refuses to test on what it has learned', async () => {
    const { code, err } = await run('fault', '--train', join(folder, 'train'), '--test', join(folder, 'train'), ...classes);
    expect(err).toMatch(/same recording as the training file/);
    expect(code).toBe(2);
  }, 60_000);
});

describe('the hydraulic rig', () => {
  /** 2 coolers, 2 pumps, 2 accumulators in steps of 12 cycles, the valve in steps of 3. */
  const write = (): string => {
    const place = join(folder, 'rig');
    mkdirSync(place, { recursive: true });
    const cycles = Array.from({ length: 288 }, (_, cycle) => ({ cooler: cycle < 144 ? 3 : 20, valve: [100, 90, 80, 73][Math.floor(cycle / 3) % 4] ?? 0, pump: Math.floor(cycle / 12) % 3, accumulator: Math.floor(cycle / 36) % 2 === 0 ? 130 : 90 }));
    writeFileSync(join(place, 'profile.txt'), cycles.map(({ cooler, valve, pump, accumulator }) => [cooler, valve, pump, accumulator, 0].join('\t')).join('\n'));
    const random = Random.of(4, 'rig');
    const lines = (samples: number, of: (cycle: (typeof cycles)[number], t: number) => number): string => cycles.map((cycle) => Array.from({ length: samples }, (_, t) => (of(cycle, t / samples) + 0.02 * random.normal()).toFixed(4)).join('\t')).join('\n');
    writeFileSync(join(place, 'FS1.txt.gz'), gzipSync(lines(60, ({ valve, pump }, t) => 8 - 0.3 * pump + (t > 0.5 ? valve / 50 : 0))));
    writeFileSync(join(place, 'TS1.txt'), lines(12, ({ cooler, accumulator }, t) => 60 - cooler + (t > 0.3 ? accumulator / 100 : 0)));
    return place;
  };

  it('is read on the grid of its slowest sensor, each step from its own samples', () => {
    const { cycles, sensors, missing, states } = readHydraulic(write());
    expect(sensors).toEqual(['FS1', 'TS1']);
    expect(missing).toContain('PS1');
    expect(cycles).toMatchObject({ steps: 12, channels: 6, sensorOf: [0, 0, 0, 0, 0, 1] });
    expect(states[1]).toEqual(['73', '80', '90', '100']);
  });

  it('has each state on both sides of every fold, and a gap between them', () => {
    const data = readHydraulic(write());
    const blocks = blocksOf(data);
    expect(blocks.every(({ from, to }) => to - from === 12)).toBe(true);
    const folds = foldsOf(data, blocks);
    expect(folds.flatMap(({ heldOut }) => heldOut).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 288 }, (_, at) => at));
    for (const { training, heldOut } of folds) {
      const near = new Set(heldOut.flatMap((cycle) => Array.from({ length: 11 }, (_, at) => cycle + at - 5)));
      expect(training.some((cycle) => near.has(cycle))).toBe(false);
      data.truth.forEach((states, condition) => {
        expect(new Set(training.map((cycle) => states[cycle])).size).toBe(data.states[condition]?.length);
      });
    }
  });

  it('says which files are missing', async () => {
    const { code, err } = await run('hydraulic', '--data', join(folder, 'nowhere'));
    expect(err).toMatch(/has no profile.txt/);
    expect(code).toBe(1);
  });
});
