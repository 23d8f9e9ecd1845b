import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../ml/dataset/random.ts';
import { countDetections, detectionMetrics } from '../../ml/evaluation/detectionMetrics.ts';
import { benchmarkSkab } from './skab.ts';
import { readSkab } from './skabFiles.ts';

let folder: string;
const silent = (): void => undefined;

/** A rig as SKAB writes it: a flow, a current that follows it and a pressure; from row 600 to 850 a valve is closed. */
const linesOf = (rows: number, labelled: boolean, seed: number): string => {
  const random = Random.of(seed, 'rig');
  const lines = Array.from({ length: rows }, (_, row) => {
    const closed = labelled && row >= 600 && row < 850;
    const flow = 32 + Math.sin(row / 8) + 0.2 * random.normal();
    const cells = [flow - (closed ? 4 : 0), flow / 20 + (closed ? 0.2 : 0) + 0.02 * random.normal(), 0.1 * random.normal()].map((cell) => cell.toFixed(5));
    return [`2020-03-09 10:${String(row).padStart(5, '0')}`, ...cells, ...(labelled ? [closed ? '1.0' : '0.0', '0.0'] : [])].join(';');
  });
  return `${['datetime', 'Volume Flow RateRMS', 'Current', 'Pressure', ...(labelled ? ['anomaly', 'changepoint'] : [])].join(';')}\r\n${lines.join('\r\n')}\r\n`;
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'skab-'));
  for (const group of ['valve2', 'anomaly-free']) mkdirSync(join(folder, group));
  writeFileSync(join(folder, 'valve2', '1.csv.gz'), gzipSync(linesOf(1000, true, 1)));
  writeFileSync(join(folder, 'anomaly-free', 'anomaly-free.csv'), linesOf(1200, false, 2));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('SKAB files', () => {
  it('are found below the folder, packed too; labels are no sensors', () => {
    const [free, labelled] = readSkab(folder);
    expect(free).toMatchObject({ name: 'anomaly-free/anomaly-free.csv', labels: null });
    expect(labelled).toMatchObject({ name: 'valve2/1.csv.gz', group: 'valve2', sensors: ['Volume Flow RateRMS', 'Current', 'Pressure'] });
    expect(labelled?.labels?.filter(Boolean).length).toBe(250);
    expect(labelled?.values.length).toBe(3000);
  });

  it('that are cut are told with the line', () => {
    const broken = mkdtempSync(join(tmpdir(), 'skab-'));
    writeFileSync(join(broken, 'x.csv'), 'datetime;a;anomaly\n2020-01-01;1;0\n2020-01-01;1\n');
    expect(() => readSkab(broken)).toThrow(/Line 3 of x.csv has 2 cells/);
    rmSync(broken, { recursive: true });
  });
});

describe('the protocol', () => {
  it('counts row by row', () => {
    const counts = countDetections([true, false, true, false, false], [true, true, false, false, false]);
    expect(counts).toEqual({ tp: 1, fn: 1, fp: 1, tn: 2 });
    expect(detectionMetrics(counts)).toMatchObject({ f1: 0.5, mar: 50 });
    expect(detectionMetrics(counts).far).toBeCloseTo(100 / 3, 9);
    expect(detectionMetrics({ tp: 0, fp: 0, tn: 0, fn: 0 })).toEqual({ f1: 0, far: 0, mar: 0 });
  });

  it('fits to the first 400 rows of each file, scores the rest beside naive rivals, and has a control', async () => {
    const told: string[] = [];
    const result = await benchmarkSkab({ folder, seed: 1, say: (line) => told.push(line) });
    expect(result).toMatchObject({ files: 1, rows: 600, seed: 1, groups: [{ group: 'valve2', files: 1 }], control: { files: ['anomaly-free/anomaly-free.csv'], pieces: { rows: 1100, count: 1 } } });
    expect(result['f1']).toBeGreaterThan(0.85);
    expect(result['far']).toBeLessThan(30);
    expect(result['baselines']).toEqual(expect.arrayContaining([{ name: 'everything', f1: 500 / 850, far: 100, mar: 0 }, { name: 'never', f1: 0, far: 0, mar: 100 }]));
    expect(told).toHaveLength(2);
    expect(await benchmarkSkab({ folder, seed: 1, say: silent })).toMatchObject({ f1: result['f1'], confusion: result['confusion'] });
  }, 120_000);
});
