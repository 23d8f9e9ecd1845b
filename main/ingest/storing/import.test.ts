import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImportRequest, type ImportReport } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';
import { microsOf, type AssetId } from '../../contract/values.ts';
import { settableClock } from '../../engine/clock.ts';
import { silentLog } from '../../engine/log.ts';
import { openPlant, type Plant } from '../../store/plant.ts';
import { createIngest, type Ingest } from '../ingest.ts';

let folder: string;
let plant: Plant;
let ingest: Ingest;
const clock = settableClock(microsOf(Date.UTC(2026, 0, 1)));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingest-'));
  plant = openPlant(join(folder, ''), { clock });
  ingest = createIngest({ plant, clock, log: silentLog });
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true });
});

const write = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const importAll = (files: string[], more: Partial<ImportRequest> = {}): Promise<ImportReport> => ingest.importFiles(ImportRequest.parse({ files, site: 'UTC', ...more }), {});
const readingsOf = (name: string, asset?: string): [number, number][] => {
  const owner = asset === undefined ? undefined : plant.assets.byName(asset);
  const sensor = plant.sensors.named(name).find((one) => owner === undefined || one.asset === owner.id);
  if (!sensor) return [];
  const { positions, values } = plant.series.read(sensor.id);
  return [...positions].map((at, i) => [at, values[i] ?? NaN]);
};
const two = (n: number): string => String(n).padStart(2, '0');
const minute = (i: number): number => (Date.UTC(2025, 0, 1) + i * 60_000) * 1000;
const lines = (from: number, to: number, value: (i: number) => string): string => Array.from({ length: to - from }, (_, k) => `2025-01-01 ${two(Math.floor((from + k) / 60))}:${two((from + k) % 60)}:00,${value(from + k)}\n`).join('');
const expected = (from: number, to: number, value: (i: number) => number): [number, number][] => Array.from({ length: to - from }, (_, k) => [minute(from + k), value(from + k)]);

describe('importing', () => {
  it('stores what stands in the file, its sensors with their units, under an asset named by the file', async () => {
    const report = await importAll([write('pump_1.csv', 'Time,Flow (l/s),Head (mbar)\n' + lines(0, 50, (i) => `${i}.5,${i % 7 === 0 ? '' : 600 + i}`))]);
    expect(report.files[0]).toMatchObject({ rowsRead: 50, rowsStored: 50, valuesStored: 92, missing: 8, quarantined: 0, message: null });
    expect(report.sensors).toEqual([{ asset: 'pump_1', name: 'Flow', unit: 'l/s' }, { asset: 'pump_1', name: 'Head', unit: 'mbar' }]);
    expect(readingsOf('Flow')).toEqual(expected(0, 50, (i) => i + 0.5));
    expect(plant.assets.byName('pump_1')).toMatchObject({ machineType: 'pump', axis: 'time' });
  });

  it('counts the same file again and stores nothing twice, under another name as well', async () => {
    const text = 'Time,Flow\n' + lines(0, 30, (i) => `${i}.5`);
    await importAll([write('a.csv', text)]);
    const again = await importAll([write('b.csv', text)]);
    expect(again.files[0]).toMatchObject({ rowsRead: 30, rowsStored: 0, valuesStored: 0, duplicates: 30 });
    expect(again.assets).toEqual(['a']);
  });

  it('a changed reading replaces the earlier one and is counted', async () => {
    await importAll([write('a.csv', 'Time,Flow\n' + lines(0, 30, (i) => `${i}.5`))], { asset: 'pump' });
    const report = await importAll([write('b.csv', 'Time,Flow\n' + lines(20, 40, (i) => `${i}.75`))], { asset: 'pump' });
    expect(report.files[0]).toMatchObject({ rowsStored: 10, replaced: 10 });
    expect(readingsOf('Flow').slice(19, 22)).toEqual([[minute(19), 19.5], [minute(20), 20.75], [minute(21), 21.75]]);
  });

  it('goes on from the last commit after it was cut', async () => {
    const count = 30_000;
    const header = `Time,${Array.from({ length: 100 }, (_, k) => `s${k}`).join(',')}\n`;
    const row = (i: number): string => new Date(Date.UTC(2025, 0, 1) + i * 1000).toISOString().slice(0, 19).replace('T', ' ') + `,${i}`.repeat(100);
    const path = write('wide.csv', header + Array.from({ length: count }, (_, i) => `${row(i)}\n`).join(''));
    const controller = new AbortController();
    const request = ImportRequest.parse({ files: [path], site: 'UTC' });
    const cut = ingest.importFiles(request, { signal: controller.signal, committed: () => controller.abort() });
    await expect(cut).rejects.toMatchObject({ code: 'cancelled' });
    const stored = plant.series.info(plant.sensors.named('s7')[0]?.id ?? (() => { throw new Error('no sensor'); })()).points;
    expect(stored).toBeGreaterThan(0);
    expect(stored).toBeLessThan(count);
    const rest = await importAll([path]);
    expect(rest.files[0]).toMatchObject({ rowsRead: count - stored, rowsStored: count - stored, duplicates: 0 });
    expect(readingsOf('s99').map(([, value]) => value)).toEqual(Array.from({ length: count }, (_, i) => i));
  }, 60_000);

  it('sets rows aside with their original bytes and lines', async () => {
    const text = Buffer.concat([Buffer.from('Zeit;Gr\u00f6\u00dfe (\u00b5m)\n01.01.2025 00:00:00;1,5\n', 'latin1'), Buffer.from('gestern;2,5 \u00b5m\n', 'latin1'), Buffer.from('01.01.2025 00:02:00;3,5\n'.repeat(3), 'latin1')]);
    const report = await importAll([write('mikro.csv', text)]);
    expect(report.files[0]).toMatchObject({ quarantined: 1, reasons: { 'time-unreadable': 1 } });
    expect(plant.quarantine.page(10).rows[0]).toMatchObject({ line: 3, reason: 'time-unreadable', original: 'gestern;2,5 \\xB5m' });
  });

  it('a clock that was never set is set aside, and no reading of it stored', async () => {
    const report = await importAll([write('a.csv', 'Time,v\n1970-01-01 00:00:05,1\n1970-01-01 00:00:15,2\n' + lines(0, 20, (i) => String(i)))]);
    expect(report.files[0]).toMatchObject({ rowsStored: 20, quarantined: 2, reasons: { 'time-implausible': 2 } });
  });

  it('long form: each tag is a sensor, bad quality is no reading', async () => {
    const text = 'TagName,TimeStamp,Value,Quality\n' + Array.from({ length: 24 }, (_, i) => `${i % 2 === 0 ? 'T1' : 'V1'},2025-01-01 00:${two(i >> 1)}:00,${i}.5,${i === 4 ? 'Bad' : 'Good'}\n`).join('');
    const report = await importAll([write('long.csv', text)]);
    expect(report.files[0]).toMatchObject({ rowsRead: 24, rowsStored: 23, valuesStored: 23, missing: 1 });
    expect(readingsOf('T1')).toHaveLength(11);
    expect(readingsOf('V1')).toHaveLength(12);
  });

  it('reads compressed files, and goes by names where the columns stand in another order', async () => {
    const first = write('press_20250101a.csv.gz', gzipSync('Time,Temp,Press\n' + lines(0, 20, (i) => `${i},${100 + i}`)));
    const second = write('press_20250101b.csv', 'Time,Press,Flow,Temp\n' + lines(20, 40, (i) => `${100 + i},${i / 2},${i}`));
    const report = await importAll([first, second]);
    expect(report.assets).toEqual(['press']);
    expect(readingsOf('Temp')).toEqual(expected(0, 40, (i) => i));
    expect(readingsOf('Press')).toEqual(expected(0, 40, (i) => 100 + i));
  });

  it('the next part of a log goes to the machine of the first, logs beside each other to machines of their own', async () => {
    const report = await importAll([write('mill_a.csv', 'Time,v\n' + lines(0, 20, (i) => `${i}.5`)), write('mill_b.csv', 'Time,v\n' + lines(20, 40, (i) => `${i}.5`)), write('mill_c.csv', 'Time,v\n' + lines(10, 30, (i) => `${i}.25`))]);
    expect(report.assets).toEqual(['mill_a', 'mill_c']);
    expect(readingsOf('v', 'mill_a')).toEqual(expected(0, 40, (i) => i + 0.5));
  });

  it('reports a file that it does not understand and imports the others; alone it is an error', async () => {
    const zip = write('book.xlsx', Buffer.from('PK\u0003\u0004rest'));
    const report = await importAll([zip, write('empty.csv', ''), write('a.csv', 'Time,v\n' + lines(0, 5, String))]);
    expect(report.files.map(({ rowsStored, message }) => [rowsStored, message !== null])).toEqual([[0, true], [0, true], [5, false]]);
    await expect(importAll([zip])).rejects.toThrow(AppError);
    await expect(importAll([join(folder, 'absent.csv')])).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  it('tells of each commit and of how far it is', async () => {
    const seen: AssetId[] = [];
    const steps: [string, number, number | null][] = [];
    const path = write('a.csv', 'Time,v\n' + lines(0, 50, String));
    await ingest.importFiles(ImportRequest.parse({ files: [path], site: 'UTC' }), { committed: (assets) => seen.push(...assets), progress: (...step) => steps.push(step) });
    expect(seen).toEqual([plant.assets.byName('a')?.id]);
    expect(steps.at(-1)?.[1]).toBe(steps.at(-1)?.[2]);
  });
});

describe('looking before storing', () => {
  it('shows the rows as they will be stored, and stores nothing', async () => {
    const path = write('pump_1.csv', 'Zeit;Druck (bar);Lauf\n' + Array.from({ length: 12 }, (_, i) => `01.01.2025 00:${two(i)}:00;${i},5;${i % 2 === 0 ? 'ON' : 'OFF'}\n`).join(''));
    const [look] = await ingest.inspect(ImportRequest.parse({ files: [path], site: 'Europe/Berlin' }));
    expect(look?.preview[1]).toEqual({ at: minute(1 - 60), asset: 'pump_1', values: [{ sensor: 'Druck', value: 1.5 }, { sensor: 'Lauf', value: 0 }] });
    expect(plant.assets.list()).toEqual([]);
    await importAll([path], { mapping: look?.mapping ?? null });
    expect(readingsOf('Druck')[1]).toEqual([minute(1 - 60), 1.5]);
  });

  it('a mapping overrules what was found', async () => {
    const path = write('a.csv', 'Time,v\n' + lines(0, 5, String));
    const [look] = await ingest.inspect(ImportRequest.parse({ files: [path], site: 'UTC' }));
    if (!look) throw new Error('no look');
    const columns = look.mapping.columns.map((column) => (column.name === 'v' ? { ...column, name: 'Temperature', unit: '°C' } : column));
    await importAll([path], { mapping: { ...look.mapping, columns, asset: 'kiln', timestamp: { ...look.mapping.timestamp, zone: 'UTC+1' } } });
    expect(readingsOf('Temperature', 'kiln')[0]).toEqual([minute(-60), 0]);
  });
});

describe('C-MAPSS', () => {
  const unitRows = (unit: number, cycles: number): string => Array.from({ length: cycles }, (_, i) => `${unit} ${i + 1} ${Array.from({ length: 24 }, (_v, k) => (k + unit / 8).toFixed(3)).join(' ')}  \n`).join('');

  it('an asset a unit, a failure at the last cycle of each unit of a train file', async () => {
    const report = await importAll([write('train_FD009.txt', unitRows(1, 30) + unitRows(2, 40))]);
    expect(report).toMatchObject({ events: 2, assets: ['train_FD009-001', 'train_FD009-002'], files: [{ rowsRead: 70, valuesStored: 70 * 24, message: expect.stringContaining('ran to failure') }] });
    expect(plant.events.list().map(({ assetName, kind, start }) => [assetName, kind, start])).toEqual([['train_FD009-001', 'failure', 30], ['train_FD009-002', 'failure', 40]]);
    expect(plant.assets.byName('train_FD009/train_FD009-001')).toMatchObject({ machineType: 'turbofan', axis: 'cycle' });
    expect(readingsOf('s21', 'train_FD009-002')[39]).toEqual([40, 23.25]);
  });

  it('a test file has its failures from the file of remaining lives beside it', async () => {
    write('RUL_FD009.txt', '12 \n7 \n');
    const report = await importAll([write('test_FD009.txt', unitRows(1, 30) + unitRows(2, 40))]);
    expect(report.events).toBe(2);
    expect(plant.events.list().map(({ start, mode }) => [start, mode])).toEqual([[42, 'UNK'], [47, 'UNK']]);
    expect((await importAll([join(folder, 'RUL_FD009.txt')])).events).toBe(0);
  });
});

describe('what can\'t be read', () => {
  const prose = 'hello world this\nis just text\n\nno numbers, at all\n';

  it('is refused where it is alone, and told beside files that are stored', async () => {
    const bad = write('notes.csv', prose);
    await expect(importAll([bad])).rejects.toMatchObject({ code: 'file-not-understood', message: expect.stringContaining('notes.csv') });
    const report = await importAll([write('a.csv', 'Time,v\n' + lines(0, 5, String)), bad, join(folder, 'absent.csv'), write('new.csv', 'Time,v\n')]);
    expect(report.files.map(({ rowsStored, error }) => [rowsStored, error])).toEqual([[5, null], [0, 'file-not-understood'], [0, 'file-unreadable'], [0, null]]);
  });

  it('a folder is told as one', async () => {
    await expect(importAll([folder])).rejects.toMatchObject({ code: 'file-unreadable', message: expect.stringContaining('is a folder') });
  });

  it('is no table of events', async () => {
    await expect(ingest.readEvents(write('notes.csv', prose), 'UTC')).rejects.toMatchObject({ code: 'file-not-understood' });
  });
});

it('a file that comes again without a zone is read in the one that it was read in before', async () => {
  const path = write('a.csv', 'Time,v\n' + lines(0, 30, String));
  await importAll([path], { site: 'Asia/Tokyo' });
  expect((await importAll([path], { site: null })).files[0]).toMatchObject({ duplicates: 30, rowsStored: 0 });
});

describe('events', () => {
  it('a table of failures gives events of the machines that it names', async () => {
    const path = write('PdM_failures.csv', '"datetime","machineID","failure"\n"2025-01-05 06:00:00","1","comp4"\n"2025-01-06 06:00:00","2","comp1"\n"2025-01-07 06:00:00","1","comp2"\n');
    const { events } = await ingest.readEvents(path, 'UTC');
    expect(events[0]).toEqual({ asset: '1', kind: 'failure', mode: 'comp4', start: Date.UTC(2025, 0, 5, 6) * 1000, end: null, knownAt: Date.UTC(2025, 0, 5, 6) * 1000, comment: null });
    expect(ingest.addEvents(events, 'file')).toHaveLength(3);
    expect((await importAll([path])).events).toBe(0);
  });

  it('kind, end and known are taken by their names', async () => {
    const path = write('log.csv', 'asset,kind,mode,start,end,known_at,comment\npump-1,maintenance,BRD,2025-01-05T06:00:00Z,2025-01-05T08:00:00Z,2025-01-05T09:00:00Z,"bearing, new"\npump-1,failure,VIB,2025-01-04T06:00:00Z,,,\n');
    expect((await ingest.readEvents(path, 'UTC')).events).toMatchObject([
      { asset: 'pump-1', kind: 'maintenance', mode: 'BRD', end: Date.UTC(2025, 0, 5, 8) * 1000, knownAt: Date.UTC(2025, 0, 5, 9) * 1000, comment: 'bearing, new' },
      { kind: 'failure', mode: 'VIB', end: null, knownAt: Date.UTC(2025, 0, 4, 6) * 1000, comment: null },
    ]);
  });

  it('a row whose start is no day that there is, is told with its line; its end is never taken for its start', async () => {
    const path = write('log.csv', 'Maschine;Störung;Beginn;Ende;Art\nfan_01;Lager;01.03.2025 00:10;01.03.2025 02:00;Ausfall\nfan_02;Öl;02.03.2025 00:10;02.03.2025 02:00;Wartung\nfan_03;Riemen;31.02.2025 00:10;02.03.2025 02:00;Ausfall\n');
    expect(await ingest.readEvents(path, 'UTC')).toMatchObject({ events: [{ asset: 'fan_01', start: Date.UTC(2025, 2, 1, 0, 10) * 1000, end: Date.UTC(2025, 2, 1, 2) * 1000 }, { asset: 'fan_02' }], aside: [{ line: 4, reason: 'time-unreadable' }] });
  });

  it('a table of readings is refused as one of events', async () => {
    await expect(ingest.readEvents(write('a.csv', 'Time,v\n' + lines(0, 5, String)), 'UTC')).rejects.toMatchObject({ code: 'file-not-understood' });
  });
});
