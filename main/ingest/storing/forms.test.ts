import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  folder = mkdtempSync(join(tmpdir(), 'forms-'));
  plant = openPlant(folder, { clock });
  ingest = createIngest({ plant, clock, log: silentLog });
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true });
});

const importText = async (name: string, lines: readonly string[], more: Partial<ImportRequest> = {}): Promise<ImportReport> => {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return await ingest.importFiles(ImportRequest.parse({ files: [path], site: 'UTC', ...more }), {});
};
/** Readings of a sensor: ISO with microseconds, and value. */
const series = (name: string): [string, number][] => {
  const sensor = plant.sensors.named(name)[0];
  if (!sensor) return [];
  const { positions, values } = plant.series.read(sensor.id);
  return [...positions].map((at, i) => [`${new Date(Math.floor(at / 1000)).toISOString().slice(11, 23)}${String(at % 1000).padStart(3, '0')}`, values[i] ?? NaN]);
};
const two = (n: number): string => String(n).padStart(2, '0');
const times = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));

describe('channels with times of their own, in milliseconds since a start that the header states', () => {
  const filetime = String(BigInt(Date.UTC(2025, 4, 2, 13, 56, 24, 376)) * 10_000n + 116_444_736_000_000_000n);
  const header = (names: string, units: string): string[] => ['Name\tscope', `Starttime of export\t${filetime}\tFreitag, 2. Mai 2025\t15:56:24.376`, '', names, 'Data-Type\tREAL32\tData-Type\tREAL32\tBIT', 'SampleTime[ms]\t0,2\tSampleTime[ms]\t1\t1', units, ''];

  it('each group by its own time, though the slower ones end early', async () => {
    const rows = times(40, (i) => (i < 8 ? `${String(i / 5).replace('.', ',')}\t${i},5\t${i}\t${10 * i}\t${i % 2}` : `${String(i / 5).replace('.', ',')}\t${i},5`));
    const report = await importText('scope.csv', [...header('Name\tfast\tName\tslow one\tbit', 'Unit\tdV (Voltage)\tUnit\t(None)\t(None)'), ...rows]);
    expect(report.files[0]).toMatchObject({ rowsRead: 40, rowsStored: 40, valuesStored: 56, quarantined: 0 });
    expect(report.sensors.map(({ name, unit }) => [name, unit])).toEqual([['fast', 'dV'], ['slow one', null], ['bit', null]]);
    expect(series('fast')).toEqual(times(40, (i) => [`13:56:24.${376_000 + 200 * i}`, i + 0.5]));
    expect(series('slow one')).toEqual(times(8, (i) => [`13:56:24.${376_000 + 1000 * i}`, 10 * i]));
  });
});

describe('LabVIEW measurement files', () => {
  const head = (columns: string): string[] => ['LabVIEW Measurement\t', 'Separator\tTab', 'Decimal_Separator\t,', `X_Columns\t${columns}`, 'Date\t2025/02/19', 'Time\t09:51:39,197', '***End_of_Header***\t', '\t'];
  const segment = ['Channels\t2\t\t', 'Samples\t4\t4\t', 'Date\t2025/02/19\t2025/02/19\t', 'Time\t09:51:40,7271890640258\t09:51:40,7271890640258\t', 'Y_Unit_Label\tNewtons\tm/s^2\t', 'X_Dimension\tTime\tTime\t', 'X0\t0,0E+0\t0,0E+0\t', 'Delta_X\t3,906250E-5\t3,906250E-5\t', '***End_of_Header***\t\t\t'];

  it('without times: the start and the interval of the header', async () => {
    const report = await importText('hammer.lvm', [...head('No'), ...segment, 'X_Value\tForce\tResponse\tComment', ...times(12, (i) => `\t0,${10 + i}\t-1,5`)]);
    expect(report.files[0]).toMatchObject({ rowsRead: 12, valuesStored: 24, quarantined: 0 });
    expect(report.sensors.map(({ name, unit }) => [name, unit])).toEqual([['Force', 'N'], ['Response', 'm/s²']]);
    expect(series('Force').slice(0, 3)).toEqual([['09:51:40.727189', 0.1], ['09:51:40.727228', 0.11], ['09:51:40.727267', 0.12]]);
  });

  it('of several segments: each begins at the start that its own header states, and none of its header is a reading', async () => {
    const later = segment.map((line) => line.replaceAll('09:51:40,7271890640258', '10:00:00,0'));
    const report = await importText('hammer.lvm', [...head('No'), ...segment, 'X_Value\tForce\tResponse\tComment', ...times(6, (i) => `\t0,${10 + i}\t-1,5`), '', ...later, 'X_Value\tForce\tResponse\tComment', ...times(6, (i) => `\t0,${20 + i}\t-1,5`)]);
    expect(report.files[0]).toMatchObject({ rowsRead: 12, valuesStored: 24, quarantined: 0 });
    expect(series('Force').slice(5, 8)).toEqual([['09:51:40.727384', 0.15], ['10:00:00.000000', 0.2], ['10:00:00.000039', 0.21]]);
  });

  it('with a column of seconds', async () => {
    await importText('hammer.lvm', [...head('One'), ...segment, 'X_Value\tForce\tResponse\tComment', ...times(12, (i) => `0,${two(i)}\t0,${10 + i}\t-1,5`)]);
    expect(series('Force').slice(0, 2)).toEqual([['09:51:40.727189', 0.1], ['09:51:40.737189', 0.11]]);
  });
});

describe('times in columns of their parts', () => {
  it('hours, minutes, seconds, microseconds that nothing names', async () => {
    const report = await importText('acc.csv', times(30, (i) => `9,10,39,${(1.1879e5 + 39 * i).toPrecision(5).replace(/^(\d)\.?(\d*)e\+5$/, '$1.$2e+05')},0.${i},-0.2`));
    expect(report.files[0]).toMatchObject({ rowsStored: 30, valuesStored: 60 });
    expect(series('column 5')[0]).toEqual(['09:10:39.118790', 0]);
  });

  it('year to minute by their names; a date and an hour; a time of day with the date in the file name', async () => {
    await importText('a.csv', ['No,year,month,day,hour,PM', ...times(30, (i) => `${i + 1},2013,3,${1 + Math.floor(i / 24)},${i % 24},${i}.5`)]);
    await importText('b.csv', ['Date,Hour,Load', ...times(30, (i) => `2025-03-0${1 + Math.floor(i / 24)},${i % 24},${i}.5`)]);
    await importText('c_2025-03-12.csv', ['Time;Level', ...times(30, (i) => `${two((23 + Math.floor(i / 20)) % 24)}:${two((i % 20) * 3)}:00;${i},5`)]);
    const span = (name: string): string[] => [plant.sensors.named(name)[0]].flatMap((sensor) => (sensor ? [plant.series.info(sensor.id)] : [])).flatMap(({ first, last }) => [first, last].map((at) => new Date((at ?? 0) / 1000).toISOString().slice(0, 16)));
    expect(span('PM')).toEqual(['2013-03-01T00:00', '2013-03-02T05:00']);
    expect(span('Load')).toEqual(['2025-03-01T00:00', '2025-03-02T05:00']);
    expect(span('Level')).toEqual(['2025-03-12T23:00', '2025-03-13T00:27']);
  });
});

describe('names and units that the metadata spread', () => {
  it('rows that begin with their key', async () => {
    const report = await importText('tag.csv', [',Time,1,2', 'S/N,,000000,000000', 'Description,,Archive 1,Archive 1', 'Property,,Temperature,Humidity', ...times(10, (i) => `${i + 1},2021-07-26 14:${two(26 + i)}:00,20.8${i},53.4`)]);
    expect(report.sensors.map(({ name }) => name)).toEqual(['Temperature', 'Humidity']);
  });

  it('blocks that state the unit beside the name', async () => {
    const report = await importText('rot.csv', ['[#1],,,', 'Humidity = %rh,,,', 'Low Alarm Threshold = 35,,,', '[#2],,,', 'Temperature = °C,,,', '[#H],,,', 'Date,Time,Humidity,Temperature', ',,,', '[#D],,,', ...times(10, (i) => `${15 + i}/01/2020,13:37:22,37.${i},20`)]);
    expect(report.sensors.map(({ name, unit }) => [name, unit])).toEqual([['Humidity', '%RH'], ['Temperature', '°C']]);
  });
});

describe('quotes', () => {
  it('single ones hold delimiters and line breaks; an apostrophe within a text is none', async () => {
    const report = await importText('q.csv', ["'Time','Oil, temp (°C)','note'", ...times(20, (i) => `'2025-03-01 10:${two(i)}:00','${i}.5','${i === 3 ? 'one, two\nlines' : "it''s ok"}'`)]);
    expect(report.files[0]).toMatchObject({ rowsRead: 20, rowsStored: 20, quarantined: 0 });
    expect(report.sensors).toEqual([{ asset: 'q', name: 'Oil, temp', unit: '°C' }]);
  });
});

describe('states', () => {
  const word = (i: number): string => (i < 8 ? 'Running' : i < 20 ? 'Idle' : i < 24 ? 'Fault 12' : '');
  const rows = times(30, (i) => `2025-03-01 10:${two(i)}:00,${i % 2 === 0 ? 'EIN' : 'aus'},${word(i)},${i}.5`);
  const at = (i: number): number => Date.UTC(2025, 2, 1, 10, i) * 1000;
  const stretches = (): unknown[] => plant.events.list().map(({ kind, mode, start, end, comment }) => [kind, mode, start, end, comment]);

  it('switches are 1 and 0, words that last are operating modes with start and end, in whatever parts the file comes', async () => {
    const first = await importText('m.csv', ['Time,Pump,State,Flow', ...rows.slice(0, 15)]);
    expect(first.files[0]).toMatchObject({ rowsRead: 15, rowsStored: 15, valuesStored: 30, missing: 0 });
    expect(stretches()).toEqual([['mode', 'Running', at(0), at(8), 'State'], ['mode', 'Idle', at(8), null, 'State']]);
    const whole = await importText('m.csv', ['Time,Pump,State,Flow', ...rows]);
    expect(whole.sensors.map(({ name }) => name)).toEqual(['Pump', 'Flow']);
    expect(series('Pump').slice(0, 2).map(([, value]) => value)).toEqual([1, 0]);
    expect(stretches()).toEqual([['mode', 'Running', at(0), at(8), 'State'], ['mode', 'Idle', at(8), at(20), 'State'], ['mode', 'Fault 12', at(20), null, 'State']]);
  });

  it('-1 is no state in a table of states, and a reading elsewhere', async () => {
    const report = await importText('m.csv', ['Time,m1,m2', ...times(20, (i) => `2025-03-01 10:${two(i)}:00,${i % 2},${i === 5 ? -1 : 1}`)]);
    expect(report.files[0]).toMatchObject({ valuesStored: 39, missing: 1 });
    await importText('n.csv', ['Time,m3,v', ...times(20, (i) => `2025-03-01 10:${two(i)}:00,${i === 5 ? -1 : 1},${i}.5`)]);
    expect(series('m3')[5]?.[1]).toBe(-1);
  });

  it('words that change with each row are remarks', async () => {
    await importText('m.csv', ['Time,State,Flow', ...times(20, (i) => `2025-03-01 10:${two(i)}:00,${['Running', 'Idle'][i % 2] ?? ''},${i}.5`)]);
    expect(stretches()).toEqual([]);
  });
});
