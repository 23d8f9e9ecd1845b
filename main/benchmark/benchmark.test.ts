import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../ml/dataset/random.ts';
import { cmapssDataset, readTrajectories, readTruth } from './cmapssFiles.ts';

const startFile = fileURLToPath(new URL('./start.ts', import.meta.url));
let folder: string;

/** Lines as C-MAPSS writes them: unit, cycle, 3 settings, 21 sensors, two trailing blanks. */
const linesOf = (units: { life: number; rows: number }[], random: Random): string =>
  units
    .map(({ life, rows }, unit) =>
      Array.from({ length: rows }, (_, row) => {
        const wear = ((row + 1) / life) ** 2;
        const cells = Array.from({ length: 24 }, (_, at) => (at === 2 || at % 7 === 4 ? 100 : at < 3 ? 0.001 * random.normal() : 500 + (at % 2 === 0 ? 1 : -1) * 5 * wear + random.normal()));
        return `${unit + 1} ${row + 1} ${cells.map((cell) => cell.toFixed(4)).join(' ')}  `;
      }).join('\n'),
    )
    .join('\n');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cmapss-'));
  const random = Random.of(1, 'cmapss');
  const lives = (count: number): number[] => Array.from({ length: count }, () => 130 + random.integer(60));
  writeFileSync(join(folder, 'train_FD009.txt.gz'), gzipSync(`${linesOf(lives(8).map((life) => ({ life, rows: life })), random)}\n`));
  const test = lives(4).map((life, at) => ({ life, rows: at === 0 ? 5 : life - 20 * at }));
  writeFileSync(join(folder, 'test_FD009.txt'), `${linesOf(test, random)}\n`);
  writeFileSync(join(folder, 'RUL_FD009.txt'), `${test.map(({ life, rows }) => life - rows).join(' \n')} \n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [startFile, ...args], (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }));
  });

describe('C-MAPSS files', () => {
  it('are read plain and packed, with the truth at each unit’s last row', () => {
    const train = readTrajectories(folder, 'train_FD009.txt');
    expect(train.names).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    expect(train.values.length).toBe(24 * train.rows.reduce((sum, rows) => sum + rows, 0));
    const test = readTrajectories(folder, 'test_FD009.txt');
    const truth = readTruth(folder, 'RUL_FD009.txt');
    const { document } = cmapssDataset(test, () => 'test', (unit) => truth[unit] ?? 0);
    document.units.forEach((unit, at) => expect((unit.failureAt ?? 0) - (unit.start + unit.rows - 1)).toBe(truth[at]));
  });
});

describe('the benchmark program', () => {
  it('prints one document with a prediction for every test unit, the 5 cycles short one too', async () => {
    const { code, out } = await run('cmapss', '--data', folder, '--subset', 'FD009', '--seed', '3', '--json');
    expect(code).toBe(0);
    const result: unknown = JSON.parse(out);
    expect(result).toMatchObject({ units: 4, seed: 3, backend: 'tfjs-node', rulCap: 125 });
    for (const field of ['rmse', 'rmseUncappedTruth', 'score', 'trainSeconds', 'predictSeconds', 'parameters', 'coverage90', 'meanWidth90', 'meanWidth90Near', 'baselines']) expect(result).toHaveProperty(field);
  }, 120_000);

  it('tells how it is used when asked', async () => {
    const { code, out, err } = await run('--help');
    expect(code).toBe(0);
    expect(out).toBe('');
    expect(err).toMatch(/^usage: benchmark cmapss/);
  });

  it.each([
    [['cmapss'], 2, /--data DIR is missing/],
    [['cmapss', '--data', '/nowhere'], 1, /Neither .* is there/],
    [['cmapss', '--data', '/nowhere', '--preset', 'best'], 2, /no preset 'best'/],
    [['cmapss', '--date', '/nowhere'], 2, /date/],
    [['skab', '--data', '/nowhere'], 1, /no .csv file/],
    [['nothing'], 2, /no benchmark 'nothing'/],
  ])('%j ends with %i', async (args, code, message) => {
    const result = await run(...args);
    expect(result.code).toBe(code);
    expect(result.out).toBe('');
    expect(result.err).toMatch(message);
  });
});
