import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/* The command line as a script meets it: a process, its exit code, what it prints. */

let folder = '';
let served: ChildProcess | null = null;
const entry = join(import.meta.dirname, 'start.ts');
const quiet = '--disable-warning=ExperimentalWarning';
const plant = (): string => join(folder, 'plant');
const file = (name: string): string => join(folder, name);

const millwright = (...args: string[]): { code: number | null; out: string; err: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [quiet, entry, ...args, '--plant', plant()], { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
};
const documentOf = (out: string): unknown => JSON.parse(out);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millwright-cli-'));
  const rows = Array.from({ length: 30 }, (_, i) => `2026-01-01 00:${String(i).padStart(2, '0')}:00,${20 + i / 10}`);
  writeFileSync(file('press_1.csv'), ['time,temperature [°C]', ...rows, ''].join('\n'));
  writeFileSync(file('notes.txt'), 'hello world this\nis just text\n\nno numbers, at all\n');
});
afterAll(() => {
  served?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

it('prints one document, and ends with 0', () => {
  const { code, out, err } = millwright('import', file('press_1.csv'), '--json');
  expect({ code, err, document: documentOf(out) }).toMatchObject({ code: 0, err: '', document: { assets: ['press_1'], files: [{ rowsStored: 30 }] } });
  expect(documentOf(millwright('export', '--sensor', 'temperature', '--from', '2026-01-01T00:01:00Z', '--to', '2026-01-01T00:02:00Z', '--json').out)).toEqual({
    asset: 'press_1', sensor: 'temperature', unit: '°C', points: [['2026-01-01T00:01:00.000Z', 20.1], ['2026-01-01T00:02:00.000Z', 20.2]],
  });
});

it('tells the quality of sensors, over time too, and what speaks against labels', () => {
  expect(documentOf(millwright('quality', '--json').out)).toMatchObject({ sensors: [{ asset: 'press_1', name: 'temperature', unit: '°C', count: 30, missing: 0, gaps: 0, flat: 0, spikes: 0, outOfRange: 0, score: 100, reasons: [], findings: [], completeness: 1 }] });
  expect(documentOf(millwright('quality', '--history', 'temperature', '--periods', '3', '--json').out)).toMatchObject({ sensor: 'temperature', periods: [{ from: '2026-01-01T00:00:00.000Z', count: 10, score: 100 }, { count: 10 }, { count: 10 }] });
  expect(millwright('events', 'add', '--asset', 'press_1', '--kind', 'failure', '--mode', 'vibrations', '--start', '2026-01-01T00:29:00Z', '--known', '2025-12-31').code).toBe(0);
  expect(documentOf(millwright('events', 'check', '--json').out)).toMatchObject({ findings: [{ code: 'known-before-start', severity: 'error', start: '2026-01-01T00:29:00.000Z' }, { code: 'unknown-mode', details: { suggestion: 'VIB' } }] });
}, 60_000);

describe('says what is wrong in one line', () => {
  const event = ['events', 'add', '--asset', 'press_1', '--kind', 'failure', '--start', '2026-01-01T00:05:00Z'];
  it.each<[string, number, RegExp, () => string[]]>([
    ['a time that is none', 2, /--start.*ISO time/, () => ['events', 'add', '--asset', 'press_1', '--kind', 'failure', '--start', 'blah']],
    ['a kind that is none', 2, /--kind.*failure, error/, () => ['events', 'add', '--asset', 'press_1', '--kind', 'fail', '--start', '1']],
    ['an end before its start', 2, /end: expected the end at or after the start/, () => [...event, '--end', '2025-01-01']],
    ['a machine that is not there', 1, /no machine named 'press_2'/, () => event.map((word) => (word === 'press_1' ? 'press_2' : word))],
    ['no minutes', 2, /--minutes.*above 0/, () => ['train', '--task', 'rul', '--minutes', '0']],
    ['a horizon that lies behind', 2, /--horizon.*above 0/, () => ['train', '--task', 'failure', '--horizon', '-5']],
    ['an empty name of a model', 2, /--model does not fit/, () => ['evaluate', '--model', '']],
    ['nothing to roll back', 1, /no earlier champion/, () => ['models', 'rollback']],
    ['a span that ends before it begins', 2, /--from lies after --to/, () => ['export', '--sensor', 'temperature', '--from', '2026-01-02', '--to', '2026-01-01']],
    ['a folder that is not there', 1, /can't be written.*choose a folder/, () => ['export', '--out', file('absent/a.csv')]],
    ['text that is no log', 1, /notes\.txt.*nothing in the file stands like a reading/, () => ['import', file('notes.txt')]],
    ['a restore of what is no backup', 1, /notes\.txt can't be restored.*as it was/, () => ['restore', file('notes.txt')]],
  ])('%s', (_what, code, line, args) => {
    const result = millwright(...args());
    expect(result).toMatchObject({ code, out: '', err: expect.stringMatching(line) });
    expect(result.err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('beside the document, when some of the files could not be read', () => {
    const { code, out, err } = millwright('import', file('press_1.csv'), file('absent.csv'), '--json');
    expect({ code, document: documentOf(out) }).toMatchObject({ code: 1, document: { files: [{ duplicates: 30, error: null }, { error: 'file-unreadable' }] } });
    expect(err).toMatch(/^millwright: 1 of 2 files could not be read: .*absent\.csv/);
  });
});

it('tells what could be learned, and what instead of what was asked for', () => {
  expect(documentOf(millwright('feasibility', '--json').out)).toMatchObject({ types: [{ machines: 1, depth: 'readings', tasks: [{ task: 'rul', possible: false }, { task: 'failure' }, { task: 'fault' }, { task: 'anomaly' }], perMachine: [{ name: 'press_1' }], sensors: [{ name: 'temperature' }] }] });
  expect(millwright('feasibility').out).toMatch(/rul: impossible/);
  expect(millwright('feasibility', '--type', 'pump', '--json')).toMatchObject({ code: 1, err: expect.stringMatching(/no machine of type 'pump'/) });
  expect(millwright('train', '--task', 'rul')).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/failures? of machines of type .* known, 5 needed/) });
}, 60_000);

it('writes many series to a file', () => {
  expect(millwright('export', '--out', file('all.parquet'), '--json')).toMatchObject({ code: 0, out: `{"file":${JSON.stringify(file('all.parquet'))},"rows":30}\n` });
  expect([existsSync(file('all.parquet')), existsSync(file('all.parquet.part'))]).toEqual([true, false]);
});

it('speaks to the engine that holds the plant, and a second one does not serve', async () => {
  served = spawn(process.execPath, [quiet, entry, 'serve', '--plant', plant()], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (served.stdout !== null) await once(served.stdout, 'data');
  expect(millwright('quality', '--json').code).toBe(0);
  expect(millwright('serve')).toMatchObject({ code: 1, err: expect.stringContaining(`by process ${served.pid ?? 0}`) });
});

it('tells of a damaged plant in one line, and restores it', () => {
  const own = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [quiet, entry, ...args, '--plant', file('damaged')], { encoding: 'utf8' });
    return { code: status, out: stdout, err: stderr };
  };
  expect(own('import', file('press_1.csv')).code).toBe(0);
  expect(own('backup', file('good.backup')).code).toBe(0);
  const database = file('damaged/plant.db');
  writeFileSync(database, readFileSync(database).subarray(0, 40_960));
  const checked = own('check');
  expect(checked).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/damaged.*restore a backup/) });
  expect(checked.err.trimEnd().split('\n')).toHaveLength(1);
  expect(own('restore', file('good.backup')).code).toBe(0);
  expect(own('check')).toEqual({ code: 0, out: 'ok\n', err: '' });
});
