import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Random } from '../../ml/dataset/random.ts';
import { until, type VibrationHistory } from '../../ml/degradation/history.ts';
import { simulatedBearings } from '../../ml/testdata/bearings.ts';
import { bearingKey, readBearing, readBearings, readRemaining } from './pronostiaFiles.ts';

const startFile = fileURLToPath(new URL('./start.ts', import.meta.url));
let folder: string;

const Predictions = z.object({ predictions: z.array(z.object({ rul: z.number(), low: z.number(), high: z.number() })) });

const clockOf = (row: number): string => {
  const seconds = 86_000 + 10 * row;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${two((seconds / 3600) % 24)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.065664`;
};

/** A features file as the data set has them; its clock passes midnight. */
const fileOf = ({ axes, rows }: VibrationHistory): string =>
  ['snapshot,clock,samples,h_rms_g,h_peak_g,h_kurtosis,v_rms_g,v_peak_g,v_kurtosis', ...Array.from({ length: rows }, (_, row) =>
    [row + 1, clockOf(row), 2560, ...axes.flatMap(({ rms, peak, kurtosis }) => [rms[row]?.toFixed(5), peak[row]?.toFixed(4), kurtosis[row]?.toFixed(4)])].join(','))].join('\n') + '\n';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pronostia-'));
  mkdirSync(join(folder, 'features_train'));
  mkdirSync(join(folder, 'features_test_truncated'));
  simulatedBearings(Random.of(1, 'learning'), [300, 380, 450]).forEach((life, at) => {
    const name = join(folder, 'features_train', `Bearing${at + 1}_1.csv`);
    if (at === 0) writeFileSync(`${name}.gz`, gzipSync(fileOf(life)));
    else writeFileSync(name, fileOf(life));
  });
  const [one, other] = simulatedBearings(Random.of(2, 'test'), [350, 400]);
  if (one === undefined || other === undefined) throw new Error('Two lives were simulated.');
  writeFileSync(join(folder, 'features_test_truncated', 'Bearing1_3.csv'), fileOf(until(one, 335)));
  writeFileSync(join(folder, 'features_test_truncated', 'Bearing3_3.csv'), fileOf(until(other, 200)));
  writeFileSync(join(folder, 'truth.csv'), 'bearing,rul_s\nBearing1_3,150\n3_3,2000\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [startFile, 'pronostia', ...args], (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }));
  });

describe('PRONOSTIA files', () => {
  it('are read plain and packed, with step and life by the operating condition', () => {
    const bearings = readBearings(join(folder, 'features_train'));
    expect(bearings.map(({ history: { name, rows }, stepSeconds }) => [name, rows, Math.round(stepSeconds)])).toEqual([['Bearing1_1', 300, 10], ['Bearing2_1', 380, 10], ['Bearing3_1', 450, 10]]);
    expect(bearings.map(({ history }) => history.lifeScale.toFixed(3))).toEqual(['1.000', '0.942', '0.614']);
    expect(readRemaining(join(folder, 'truth.csv'))).toEqual(new Map([['1_3', 150], ['3_3', 2000]]));
    expect(['Bearing1_3', 'bearing1_3', '1_3', '"Bearing1_3"'].map(bearingKey)).toEqual(['1_3', '1_3', '1_3', '1_3']);
  });

  it('that are not what they should be are refused with line and column', () => {
    const path = join(folder, 'Bearing1_9.csv');
    writeFileSync(path, 'snapshot,clock\n1,09:00:00\n2,09:00:10\n');
    expect(() => readBearing(path, 'Bearing1_9')).toThrow(/should have the columns clock, h_rms_g/);
    writeFileSync(path, 'clock,h_rms_g,h_peak_g,h_kurtosis,v_rms_g,v_peak_g,v_kurtosis\n09:00:00,1,1,3,1,1,3\n09:00:10,1,1,3,1,oops,3\n');
    expect(() => readBearing(path, 'Bearing1_9')).toThrow(/Line 3 of .*v_peak_g should be a positive number/);
    writeFileSync(path, 'bearing,rul_s\n1_3,-5\n');
    expect(() => readRemaining(path)).toThrow(/Line 2 of .*rul_s should be a positive number/);
  });
});

describe('the benchmark program', () => {
  it('prints a prediction in seconds with its interval for every cut-off bearing, the score and what leaving one out gave', async () => {
    const { code, out } = await run('--data', folder, '--truth', join(folder, 'truth.csv'), '--seed', '3', '--json');
    expect(code).toBe(0);
    const result: unknown = JSON.parse(out);
    expect(result).toMatchObject({
      predictions: [{ bearing: 'Bearing1_3' }, { bearing: 'Bearing3_3' }],
      learningBearings: 3,
      seed: 3,
      interval: { nominal: 0.9, lives: 3, promised: 0.75 },
      leaveOneOut: { byBearing: [{ bearing: 'Bearing1_1' }, { bearing: 'Bearing2_1' }, { bearing: 'Bearing3_1' }] },
    });
    for (const field of ['score', 'meanAbsErrorPercent', 'coverage90', 'baselines', 'trainSeconds', 'seconds']) expect(result).toHaveProperty(field);
    const { predictions } = Predictions.parse(result);
    for (const { rul, low, high } of predictions) expect(low <= rul && rul <= high).toBe(true);
    // The last stage shows in the first, 150 s before its end; the second, in mid-life, is further off.
    expect(predictions[0]?.rul).toBeLessThan(500);
    expect(predictions[1]?.rul).toBeGreaterThan(predictions[0]?.rul ?? 0);
  }, 180_000);

  it.each([
    [[], 2, /--data DIR is missing/],
    [['--data', '/nowhere'], 1, /features_train is not there/],
    [['--data', '/nowhere', '--seed', 'x'], 2, /whole number/],
  ])('%j ends with %i', async (args, code, message) => {
    const result = await run(...args);
    expect(result.code).toBe(code);
    expect(result.out).toBe('');
    expect(result.err).toMatch(message);
  });
});
