import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImportRequest, type ImportReport } from '../../contract/data.ts';
import { microsOf } from '../../contract/values.ts';
import { settableClock } from '../../engine/clock.ts';
import { silentLog } from '../../engine/log.ts';
import { openPlant, type Plant } from '../../store/plant.ts';
import { createIngest, type Ingest } from '../ingest.ts';
import { zipOf } from '../reading/zip.made.ts';

let folder: string;
let plant: Plant;
let ingest: Ingest;
const clock = settableClock(microsOf(Date.UTC(2026, 0, 1)));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archives-'));
  plant = openPlant(folder, { clock });
  ingest = createIngest({ plant, clock, log: silentLog });
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true });
});

const two = (n: number): string => String(n).padStart(2, '0');
const log = (name: string, from: number, to: number): string => `Time,${name}\n${Array.from({ length: to - from }, (_, k) => `2025-01-01 00:${two(from + k)}:00,${from + k}.5\n`).join('')}`;
const write = (name: string, bytes: Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const importAll = (files: string[]): Promise<ImportReport> => ingest.importFiles(ImportRequest.parse({ files, site: 'UTC' }), {});

describe('zip archives', () => {
  it('each log in it is a file of its own, in whatever encoding its name and text are; what is no log is passed over', async () => {
    const path = write('mail.zip', zipOf([
      { name: 'logs/', bytes: Buffer.alloc(0) },
      { name: 'logs/pump_1.csv', bytes: Buffer.from(log('Flow', 0, 30)) },
      { name: Buffer.from([0xb1, 0xc3, 0x2e, 0x63, 0x73, 0x76]), bytes: Buffer.from(`\ufeff${log('Temp', 0, 20)}`, 'utf16le') },
      { name: '__MACOSX/logs/._pump_1.csv', bytes: Buffer.from([0, 5, 22, 7]) },
      { name: 'press.csv.gz', bytes: gzipSync(log('Force', 0, 10)) },
    ]));
    const report = await importAll([path]);
    expect(report.files.map(({ file, rowsStored }) => [file.slice(path.length), rowsStored])).toEqual([['/logs/pump_1.csv', 30], ['/泵.csv', 20], ['/press.csv.gz', 10]]);
    expect(report.assets).toEqual(['pump_1', '泵', 'press']);
    const looks = await ingest.inspect(ImportRequest.parse({ files: [path], site: 'UTC' }));
    expect(looks.map(({ mapping }) => mapping.columns[1]?.name)).toEqual(['Flow', 'Temp', 'Force']);
    const one = await importAll([`${path}/logs/pump_1.csv`]);
    expect(one.files[0]).toMatchObject({ duplicates: 30, rowsStored: 0 });
  });

  it('words to the reader beside the logs are no logs', async () => {
    const path = write('p.zip', zipOf([{ name: 'ReadMe.txt', bytes: Buffer.from('These are logs of pumps.\n') }, { name: 'a/LICENSE', bytes: Buffer.from('Free to use.\n') }, { name: 'a/pump.csv', bytes: Buffer.from(log('Flow', 0, 30)) }]));
    expect((await importAll([path])).files.map(({ file, error }) => [file, error])).toEqual([[`${path}/a/pump.csv`, null]]);
  });

  it('a log and its archive are stored once', async () => {
    await importAll([write('pump.csv', Buffer.from(log('Flow', 0, 30)))]);
    expect((await importAll([write('pump.zip', zipOf([{ name: 'pump.csv', bytes: Buffer.from(log('Flow', 0, 30)) }]))])).files[0]).toMatchObject({ duplicates: 30, rowsStored: 0 });
  });

  it.each([
    ['an encrypted one', zipOf([{ name: 'a.csv', bytes: Buffer.from('x'), flags: 1 }]), /encrypted/],
    ['a workbook', zipOf([{ name: '[Content_Types].xml', bytes: Buffer.from('x') }]), /Excel workbook/],
    ['one without logs', zipOf([{ name: 'photo.jpg', bytes: Buffer.from('x') }]), /holds no file/],
    ['a cut one', zipOf([{ name: 'a.csv', bytes: Buffer.from(log('Flow', 0, 30)) }]).subarray(0, 80), /no whole zip archive/],
  ])('%s is refused with what to do', async (_name, bytes, message) => {
    await expect(importAll([write('x.zip', bytes)])).rejects.toMatchObject({ code: 'file-not-understood', message: expect.stringMatching(message) });
  });
});

it.each([
  ['a compressed tar archive', gzipSync(Buffer.concat([Buffer.from('a.csv'.padEnd(257, '\0') + 'ustar\0' + '00'.padEnd(249, '\0')), Buffer.from(log('Flow', 0, 30))])), /tar archive; unpack it/],
  ["MATLAB's file", Buffer.from('MATLAB 5.0 MAT-file, Platform: PCWIN\n1,2\n3,4\n'), /\.mat file/],
  ['a compressed HDF5 file', gzipSync(Buffer.from('\u0089HDF\r\n1,2\n', 'latin1')), /HDF5/],
])('%s is refused rather than read as text', async (_name, bytes, message) => {
  await expect(importAll([write('x.gz', bytes)])).rejects.toMatchObject({ code: 'file-not-understood', message: expect.stringMatching(message) });
});

it('gzip of several members is read to its end', async () => {
  const path = write('pump.csv.gz', Buffer.concat([gzipSync(log('Flow', 0, 20)), gzipSync(log('Flow', 20, 40).replace(/^.*\n/, '')), gzipSync('2025-01-01 00:50:00,1.5\n')]));
  expect((await importAll([path])).files[0]).toMatchObject({ rowsRead: 41, rowsStored: 41 });
});
