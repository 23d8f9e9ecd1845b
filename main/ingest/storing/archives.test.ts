import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImportRequest, type ImportReport } from '../../contract/data.ts';
import { microsOf } from '../../contract/values.ts';
import { settableClock } from '../../engine/clock.ts';
import { silentLog } from '../../engine/log.ts';
import { openPlant, type Plant } from '../../store/plant.ts';
import { createIngest, type Ingest } from '../ingest.ts';

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

interface Member {
  name: string | Buffer;
  bytes: Buffer;
  flags?: number;
}

/** A zip archive. Source of the layout: PKWARE, APPNOTE.TXT, 4.3. */
const zipOf = (members: readonly Member[]): Buffer => {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, flags = 0 } of members) {
    const packed = deflateRawSync(bytes);
    const fields = Buffer.alloc(22);
    [20, flags, 8, 0, 0].forEach((value, i) => fields.writeUInt16LE(value, 2 * i));
    [crc32(bytes), packed.length, bytes.length].forEach((value, i) => fields.writeUInt32LE(value, 10 + 4 * i));
    const title = Buffer.from(name);
    const length = Buffer.alloc(4);
    length.writeUInt16LE(title.length, 0);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, length, title, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), fields, length, rest, title]));
    parts.push(local);
    at += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  [members.length, members.length].forEach((value, i) => end.writeUInt16LE(value, 4 + 2 * i));
  [entries.length, at].forEach((value, i) => end.writeUInt32LE(value, 8 + 4 * i));
  return Buffer.concat([...parts, entries, Buffer.from('PK\u0005\u0006'), end]);
};

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

it('gzip of several members is read to its end', async () => {
  const path = write('pump.csv.gz', Buffer.concat([gzipSync(log('Flow', 0, 20)), gzipSync(log('Flow', 20, 40).replace(/^.*\n/, '')), gzipSync('2025-01-01 00:50:00,1.5\n')]));
  expect((await importAll([path])).files[0]).toMatchObject({ rowsRead: 41, rowsStored: 41 });
});
