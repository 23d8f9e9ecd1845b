import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Decision, ImportRequest, type Inspection, type Mapping } from '../../contract/data.ts';
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
  folder = mkdtempSync(join(tmpdir(), 'decisions-'));
  plant = openPlant(folder, { clock });
  ingest = createIngest({ plant, clock, log: silentLog });
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true });
});

const two = (n: number): string => String(n).padStart(2, '0');
const write = (name: string, text: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const look = async (path: string, more: Partial<ImportRequest> = {}): Promise<Inspection> => {
  const [inspection] = await ingest.inspect(ImportRequest.parse({ files: [path], site: 'Europe/Berlin', ...more }));
  if (!inspection) throw new Error('no look');
  return inspection;
};
const decision = ({ decisions }: Inspection, code: Decision['code']): Decision | undefined => decisions.find((one) => one.code === code);
const firstRow = ({ preview }: Inspection): [number | undefined, (string | number | null)[]] => [preview[0]?.at, preview[0]?.values.flatMap(({ sensor, value }) => [sensor, value]) ?? []];

const open = `Zeit;Druck (bar);Lauf\n${Array.from({ length: 12 }, (_, i) => `04/03/2025 ${two(8 + i)}:00:00;1,${250 + i};${i % 2}\n`).join('')}`;

describe('decisions', () => {
  it('each is told with its reason; what the file does not tell is asked', async () => {
    const inspection = await look(write('pump_1.csv', open));
    expect(inspection.decisions.map(({ code, chosen, isCertain }) => [code, chosen, isCertain])).toEqual([
      ['encoding', 'utf-8', true],
      ['delimiter', ';', true],
      ['decimal', ',', false],
      ['quote', '"', true],
      ['header', '1', true],
      ['layout', 'wide', true],
      ['time-columns', 'Zeit', true],
      ['time-form', 'pattern', true],
      ['axis', 'time', true],
      ['day-month-order', 'dmy', false],
      ['zone', 'Europe/Berlin', true],
      ['missing-codes', '', true],
      ['asset', 'pump_1', true],
    ]);
    expect(inspection.decisions.every(({ why }) => why.length > 10)).toBe(true);
    expect(inspection.raw.slice(0, 2)).toEqual(['Zeit;Druck (bar);Lauf', '04/03/2025 08:00:00;1,250;0']);
  });

  it('numbers far from all others are asked about, and stored until somebody says', async () => {
    const inspection = await look(write('a.csv', `Time,v\n${Array.from({ length: 12 }, (_, i) => `2025-03-04 08:${two(i)}:00,${i === 5 ? -9999 : 20 + i}\n`).join('')}`));
    expect(decision(inspection, 'missing-codes')).toMatchObject({ chosen: '', alternatives: ['-9999'], isCertain: false });
  });

  it('a file without times asks for them', async () => {
    const inspection = await look(write('a.csv', `Current (A),Voltage (V)\n${Array.from({ length: 12 }, (_, i) => `${i}.5,230\n`).join('')}`));
    expect([decision(inspection, 'axis'), decision(inspection, 'time-columns')].map((one) => [one?.chosen, one?.isCertain])).toEqual([['cycle', false], ['', false]]);
  });
});

describe('each decision overruled changes what is read', () => {
  const at = (month: number, day: number, hour: number): number => Date.UTC(2025, month - 1, day, hour) * 1000;
  const overrule = async (change: (mapping: Mapping) => Mapping, text: string | Buffer = open): Promise<{ after: Inspection; row: [number | undefined, (string | number | null)[]] }> => {
    const path = write('pump_1.csv', text);
    const after = await look(path, { mapping: change((await look(path)).mapping) });
    return { after, row: firstRow(after) };
  };
  const dialect = (part: Partial<Mapping['dialect']>) => (mapping: Mapping): Mapping => ({ ...mapping, dialect: { ...mapping.dialect, ...part }, columns: [] });

  it('what was found', async () => {
    expect(firstRow(await look(write('pump_1.csv', open)))).toEqual([at(3, 4, 7), ['Druck', 1.25, 'Lauf', 0]]);
  });

  it('the order of day and month', async () => {
    const { after, row } = await overrule((mapping) => ({ ...mapping, timestamp: { ...mapping.timestamp, format: 'MM/dd/yyyy HH:mm:ss' } }));
    expect(row[0]).toBe(at(4, 3, 6));
    expect(decision(after, 'day-month-order')).toMatchObject({ chosen: 'mdy', why: 'decided by hand', isCertain: true });
  });

  it('the zone', async () => {
    expect((await overrule((mapping) => ({ ...mapping, timestamp: { ...mapping.timestamp, zone: 'UTC' } }))).row[0]).toBe(at(3, 4, 8));
  });

  it('the decimal mark', async () => {
    expect((await overrule((mapping) => ({ ...mapping, dialect: { ...mapping.dialect, decimal: '.' } }))).row[1]).toEqual(['Druck', 1250, 'Lauf', 0]);
  });

  it('the delimiter', async () => {
    const { after } = await overrule(dialect({ delimiter: ',' }));
    expect(after.mapping.columns.map(({ name }) => name)).not.toContain('Druck');
    expect(decision(after, 'delimiter')?.chosen).toBe(',');
  });

  it('the quote', async () => {
    const text = `Time,note,v\n${Array.from({ length: 12 }, (_, i) => `2025-03-04 08:${two(i)}:00,'a,b',${i}\n`).join('')}`;
    expect((await overrule(dialect({ quote: '"' }), text)).after.preview).not.toEqual((await look(write('b.csv', text))).preview);
  });

  it('the encoding', async () => {
    const text = Buffer.from(`Zeit;Dr\u00fcck\u00f6l (bar)\n${Array.from({ length: 12 }, (_, i) => `04.03.2025 08:${two(i)}:00;1,5\n`).join('')}`, 'latin1');
    expect((await overrule(dialect({ encoding: 'iso-8859-5' }), text)).row[1][0]).not.toBe('Dr\u00fcck\u00f6l');
  });

  it('the header lines', async () => {
    const { row } = await overrule((mapping) => ({ ...mapping, dialect: { ...mapping.dialect, headerLines: 4 } }));
    expect(row[0]).toBe(at(3, 4, 10));
  });

  it('the layout', async () => {
    const text = `Time,name,v\n${Array.from({ length: 12 }, (_, i) => `2025-03-04 08:${two(i >> 1)}:00,${i % 2 === 0 ? 'T' : 'P'},${i}.5\n`).join('')}`;
    const path = write('a.csv', text);
    const { mapping } = await look(path);
    const other = mapping.layout === 'long' ? 'wide' : 'long';
    expect((await look(path, { mapping: { ...mapping, layout: other } })).mapping.layout).toBe(other);
  });

  it('the axis, and the columns of times', async () => {
    expect((await overrule((mapping) => ({ ...mapping, axis: 'cycle' }))).row).toEqual([1, ['Druck', 1.25, 'Lauf', 0]]);
    expect((await overrule((mapping) => ({ ...mapping, axis: 'cycle', timestamp: { kind: 'cycle', format: 'cycle', zone: 'UTC' }, columns: mapping.columns.map((column) => ({ ...column, role: column.name === 'Zeit' ? 'ignore' : column.name === 'Lauf' ? 'cycle' : column.role })) }))).row).toEqual([0, ['Druck', 1.25]]);
  });

  it('the form of the times', async () => {
    const text = `ts,v\n${Array.from({ length: 12 }, (_, i) => `${1_746_424_800 + i * 60},${i}\n`).join('')}`;
    expect((await overrule((mapping) => ({ ...mapping, timestamp: { kind: 'elapsed-ms', format: 'milliseconds since 2025-01-01T00:00:00Z', zone: 'UTC' } }), text)).row[0]).toBe(Date.UTC(2025, 0, 1) * 1000 + 1_746_424_800_000);
  });

  it('the codes of missing values, the asset, names, units and roles of columns', async () => {
    const { after, row } = await overrule((mapping) => ({ ...mapping, asset: 'kiln', missingCodes: [0], columns: mapping.columns.map((column) => (column.name === 'Druck' ? { ...column, name: 'Pressure', unit: 'kPa' } : column)) }));
    expect(row[1]).toEqual(['Pressure', 1.25, 'Lauf', null]);
    expect(after.preview[0]?.asset).toBe('kiln');
  });

  it('what can not be read by is refused', async () => {
    await expect(overrule(dialect({ encoding: 'klingon' }))).rejects.toMatchObject({ code: 'mapping-invalid', message: expect.stringContaining('klingon') });
  });
});

describe('profiles', () => {
  it('a saved mapping recognises the next file of its kind, its columns in whatever order, and says so', async () => {
    const { mapping } = await look(write('pump_1.csv', open));
    plant.profiles.save('Pumps', { ...mapping, timestamp: { ...mapping.timestamp, format: 'MM/dd/yyyy HH:mm:ss' }, columns: mapping.columns.map((column) => (column.name === 'Druck' ? { ...column, name: 'Pressure' } : column)) });
    const next = write('pump_2.csv', `Anlage 2\n\nLauf;Zeit;Druck (bar);Neu\n${Array.from({ length: 12 }, (_, i) => `${i % 2};04/03/2025 ${two(8 + i)}:00:00;2,5;${i}\n`).join('')}`);
    const inspection = await look(next);
    expect(inspection.profile).toBe('Pumps');
    expect(inspection.findings.map(({ code }) => code)).toContain('profile');
    expect(firstRow(inspection)).toEqual([Date.UTC(2025, 3, 3, 6) * 1000, ['Lauf', 0, 'Pressure', 2.5, 'Neu', 0]]);
    await ingest.importFiles(ImportRequest.parse({ files: [next], site: 'Europe/Berlin' }), {});
    expect(plant.sensors.named('Pressure')).toHaveLength(1);
  });

  it('leaves files of another kind alone, and gives way to a mapping', async () => {
    const { mapping } = await look(write('pump_1.csv', open));
    plant.profiles.save('Pumps', { ...mapping, missingCodes: [1.25] });
    expect((await look(write('fan.csv', `Time,Flow,Head\n${Array.from({ length: 12 }, (_, i) => `2025-03-04 08:${two(i)}:00,${i},${i}\n`).join('')}`))).profile).toBeNull();
    expect((await look(write('pump_2.csv', open), { mapping })).profile).toBeNull();
    expect((await look(write('pump_2.csv', open), { profile: 'Pumps' })).mapping.missingCodes).toEqual([1.25]);
  });
});
