import { describe, expect, it } from 'vitest';
import { findShape, type Shape } from './mapping.ts';

const shapeOf = (text: string | Buffer, site = 'Europe/Berlin'): Shape => findShape(typeof text === 'string' ? Buffer.from(text) : text, true, site);
const columnsOf = (shape: Shape): string[] => shape.mapping.columns.map(({ name, role, unit }) => `${name}:${role}${unit === null ? '' : `[${unit}]`}`);
const rows = (count: number, row: (i: number) => string): string => Array.from({ length: count }, (_, i) => `${row(i)}\n`).join('');
const two = (n: number): string => String(n).padStart(2, '0');

describe('the form of a file', () => {
  it('semicolons, decimal commas, day first', () => {
    const shape = shapeOf('Zeit;Druck (bar);Drehzahl (1/min)\n' + rows(20, (i) => `24.03.2025 06:${two(i)}:00;6,${30 + i};1482,9`));
    expect(shape.mapping.dialect).toEqual({ delimiter: ';', decimal: ',', quote: '"', encoding: 'utf-8', headerLines: 1 });
    expect(shape.mapping.timestamp).toEqual({ kind: 'pattern', format: 'dd.MM.yyyy HH:mm:ss', zone: 'Europe/Berlin' });
    expect(columnsOf(shape)).toEqual(['Zeit:time', 'Druck:value[bar]', 'Drehzahl:value[rpm]']);
    expect(shape.mapping.columns[2]?.unitAsWritten).toBe('1/min');
  });

  it.each([['tab', '\t'], ['bar', '|'], ['comma', ','], ['semicolon', ';']])('a %s as delimiter', (_name, delimiter) => {
    const shape = shapeOf(['Time', 'A (mm)', 'B (mm)'].join(delimiter) + '\n' + rows(12, (i) => [`2025-03-24 06:${two(i)}:00`, `1.${i}`, `2.${i}`].join(delimiter)));
    expect(shape.mapping.dialect.delimiter).toBe(delimiter);
    expect(columnsOf(shape)).toEqual(['Time:time', 'A:value[mm]', 'B:value[mm]']);
  });

  it('runs of blanks, date and clock apart', () => {
    const shape = shapeOf('Date       Time       Speed   Torque\n' + rows(12, (i) => `2025-10-22 08:${two(i)}:00     ${9 + i}.4    12${i}.5`));
    expect(shape.mapping.dialect.delimiter).toBe('\\s+');
    expect(columnsOf(shape)).toEqual(['Date:date', 'Time:clock', 'Speed:value', 'Torque:value']);
  });

  it('commas, not the blanks within times, in a table of words', () => {
    const shape = shapeOf('asset,kind,mode,start\n' + rows(8, (i) => `pump-0${i},failure,bearing,2025-01-2${i} 23:00:00`), 'UTC');
    expect(shape.mapping.dialect.delimiter).toBe(',');
    expect(columnsOf(shape)).toEqual(['asset:asset', 'kind:kind', 'mode:mode', 'start:time']);
  });

  it('columns at fixed places where cells are blank', () => {
    const shape = shapeOf('Timestamp                Speed   Torque\n' + rows(12, (i) => `2025-10-22 08:${two(i)}:00   ${two(10 + i)}.45   ${i % 3 === 1 ? '     ' : '124.5'}    `));
    expect(shape.mapping.dialect.delimiter.startsWith('fixed:')).toBe(true);
    expect(shape.mapping.columns.filter(({ role }) => role === 'value')).toHaveLength(2);
  });

  it('metadata, a row of names and a row of units above the data', () => {
    const shape = shapeOf('Gerät;DL-2000\nBeginn;20.05.2025 08:00:00\n\nDatum/Zeit;T_AS;n\n;°C;1/min\n' + rows(12, (i) => `20.05.2025 08:${two(i)}:00;57,${i};1494`));
    expect(shape.mapping.dialect.headerLines).toBe(5);
    expect(columnsOf(shape)).toEqual(['Datum/Zeit:time', 'T_AS:value[°C]', 'n:value[rpm]']);
  });

  it('a first column in seconds that rises in every row, under a name that is no time, since the start that a comment states', () => {
    const shape = shapeOf('# Start: 2026-03-14 07:30:00\nt;acc;temp\ns;g;°C\n' + rows(20, (i) => `${(i / 2).toFixed(1)};0.0${i};33.${i}`), 'UTC');
    expect(shape.mapping.timestamp).toEqual({ kind: 'elapsed-s', format: 'seconds since 2026-03-14T07:30:00Z', zone: 'UTC' });
    expect(columnsOf(shape)).toEqual(['t:time', 'acc:value[g]', 'temp:value[°C]']);
  });

  it('a value in a unit of time that falls at times is no time', () => {
    expect(columnsOf(shapeOf('dwell [ms];force [kN]\n' + rows(12, (i) => `${20 + (i % 5)}.5;1.${i}`)))).toEqual(['dwell:value[ms]', 'force:value[kN]']);
  });

  it("a historian's units stand in a column of their own", () => {
    const shape = shapeOf('TimeStamp,TagName,Value,EngUnits,Quality\n' + rows(12, (i) => `2026-03-14 06:00:${two(i)},P-10${i % 2}.Flow,${90 + i},m3/h,Good`));
    expect(columnsOf(shape)[3]).toBe('EngUnits:unit');
  });

  it('a code of no value is suspected behind decimal commas too', () => {
    const shape = shapeOf('Zeit;Druck [bar]\n' + rows(20, (i) => `24.03.2025 06:${two(i)};${i === 7 ? '-9999,0' : `4,${i % 5}`}`));
    expect(shape.decisions.find(({ code }) => code === 'missing-codes')?.alternatives).toEqual(['-9999']);
  });

  it('the damage that an event table tells is its mode', () => {
    const shape = shapeOf('Maschine;Art;Schaden;Beginn\n' + rows(6, (i) => `Ofen_3;Ausfall;Lagerschaden;14.03.2026 08:1${i}`));
    expect(columnsOf(shape)).toEqual(['Maschine:asset', 'Art:kind', 'Schaden:mode', 'Beginn:time']);
  });

  it('no header', () => {
    const shape = shapeOf(rows(12, (i) => `2025-07-02 10:${two(i)}:00,33.0${i},7.2`));
    expect(columnsOf(shape)).toEqual(['column 1:time', 'column 2:value', 'column 3:value']);
    expect(shape.findings.map(({ code }) => code)).toContain('no-header');
  });

  it('a header behind a comment mark, and a declared code for missing values', () => {
    const shape = shapeOf('# missing value: -9999\n#\n#Time\tForce (kN)\n' + rows(12, (i) => `2025-05-20T06:${two(i)}:00Z\t83.${i}`));
    expect(columnsOf(shape)).toEqual(['Time:time', 'Force:value[kN]']);
    expect(shape.mapping.missingCodes).toEqual([-9999]);
  });

  it('states, modes, batches and counters are no numbers', () => {
    const shape = shapeOf('No.,Time,Run,State,Batch,Speed\n' + rows(12, (i) => `${i + 1},2025-10-20 08:${two(i)}:00,${i % 2 === 0 ? 'ON' : 'OFF'},Fault 12,12E34,115.${i}`));
    expect(columnsOf(shape)).toEqual(['No.:counter', 'Time:time', 'Run:state', 'State:mode', 'Batch:text', 'Speed:value']);
  });

  it('equal names are separate columns', () => {
    expect(columnsOf(shapeOf('Time,Temp,Temp\n' + rows(6, (i) => `2025-03-12 07:${two(i)}:00,4${i},7${i}`)))).toEqual(['Time:time', 'Temp:value', 'Temp_2:value']);
  });
});

describe('layouts', () => {
  it('long: time, machine, tag, value, unit, quality', () => {
    const shape = shapeOf('time,machine,tag,value,unit,quality\n' + rows(24, (i) => `2025-09-09T06:${two(i >> 1)}:00Z,press-1,${i % 2 === 0 ? 'T' : 'V'},${i}.5,${i % 2 === 0 ? '°C' : 'mm/s'},Good`));
    expect(shape.mapping.layout).toBe('long');
    expect(columnsOf(shape)).toEqual(['time:time', 'machine:asset', 'tag:tag', 'value:value', 'unit:unit', 'quality:quality']);
  });

  it('wide with a column of machines', () => {
    const shape = shapeOf('datetime,machineID,volt\n' + rows(24, (i) => `2025-11-04 ${two(i % 12)}:00:00,${i < 12 ? 1 : 17},17${i % 10}.9`));
    expect(columnsOf(shape)).toEqual(['datetime:time', 'machineID:asset', 'volt:value']);
  });

  it('a column that names the reader is no machine: each value column is filled by one reader alone', () => {
    const shape = shapeOf('Timestamp,UID,machine1,machine2\n' + rows(24, (i) => `${1_678_060_800_000 + i * 1000},sensor${1 + (i % 2)},${i % 2 === 0 ? '1,' : ',0'}`));
    expect(columnsOf(shape)).toEqual(['Timestamp:time', 'UID:text', 'machine1:value', 'machine2:value']);
  });

  it('groups of columns with times of their own', () => {
    const shape = shapeOf('T Timestamp,T Value,T Quality,V Timestamp,V Value,V Quality\n' + rows(12, (i) => `2025-10-07 08:${two(i)}:00,55.${i},Good,` + (i < 5 ? `2025-10-07 08:${two(2 * i)}:13,1.7,Good` : ',,')));
    expect(shape.mapping.columns.map(({ role }) => role)).toEqual(['time', 'value', 'quality', 'time', 'value', 'quality']);
  });

  it('a table of events', () => {
    const shape = shapeOf('"datetime","machineID","failure"\n' + rows(8, (i) => `2015-01-${two(i + 1)} 06:00:00,${1 + (i % 3)},"comp${1 + (i % 4)}"`));
    expect(shape.mapping.layout).toBe('events');
    expect(columnsOf(shape)).toEqual(['datetime:time', 'machineID:asset', 'failure:mode']);
  });

  it('C-MAPSS: 26 numbers separated by blanks', () => {
    const shape = shapeOf(rows(6, (i) => `1 ${i + 1} ${Array.from({ length: 24 }, (_, k) => `${k}.25`).join(' ')}  `));
    expect(shape.mapping).toMatchObject({ layout: 'cmapss', axis: 'cycle', machineType: 'turbofan' });
    expect(shape.mapping.columns[5]).toMatchObject({ name: 's1', unit: '°R' });
  });

  it('no time at all: the records are numbered, and it is said', () => {
    const shape = shapeOf('Current (A),Voltage (V)\n' + rows(8, (i) => `5${i}.7,222.7`));
    expect(shape.mapping).toMatchObject({ axis: 'cycle', timestamp: { kind: 'none' } });
    expect(shape.findings.map(({ code }) => code)).toContain('no-time-column');
  });

  it('labels are no readings', () => {
    const shape = shapeOf('datetime;Current;anomaly\n' + rows(8, (i) => `2020-03-09 10:14:${two(i)};1.${i};0.0`));
    expect(shape.mapping.columns[2]?.role).toBe('ignore');
  });
});

describe('times', () => {
  const stepped = (form: (date: Date) => string, count = 60): string => 'Time,v\n' + rows(count, (i) => `${form(new Date(Date.UTC(2025, 3, 3, 4) + i * 3_600_000))},${i}`);
  const parts = (date: Date): [string, string, string] => [two(date.getUTCDate()), two(date.getUTCMonth() + 1), two(date.getUTCHours())];

  it('month first by the even series that only it gives', () => {
    const shape = shapeOf(stepped((date) => { const [d, m, h] = parts(date); return `${m}/${d}/2025 ${h}:00`; }));
    expect(shape.mapping.timestamp.format).toBe('MM/dd/yyyy HH:mm');
    expect(shape.isOrderOpen).toBe(false);
  });

  it('day first by the even series that only it gives', () => {
    expect(shapeOf(stepped((date) => { const [d, m, h] = parts(date); return `${d}/${m}/2025 ${h}:00`; }), 'America/New_York').mapping.timestamp.format).toBe('dd/MM/yyyy HH:mm');
  });

  it('open where all rows are of one such day: said, and taken as the site writes', () => {
    const oneDay = stepped((date) => { const [d, m, h] = parts(date); return `${m}/${d}/2025 ${h}:00`; }, 12);
    expect(shapeOf(oneDay, 'America/New_York')).toMatchObject({ isOrderOpen: true, mapping: { timestamp: { format: 'MM/dd/yyyy HH:mm' } } });
    expect(shapeOf(oneDay, 'Europe/Paris').mapping.timestamp.format).toBe('dd/MM/yyyy HH:mm');
  });

  it.each([['epoch-s', 1], ['epoch-ms', 1e3], ['epoch-us', 1e6]] as const)('%s', (kind, scale) => {
    expect(shapeOf('ts,v\n' + rows(8, (i) => `${(1_746_424_800 + i * 60) * scale},${i}`)).mapping.timestamp.kind).toBe(kind);
  });

  it("Excel's days", () => {
    expect(shapeOf('Date,v\n' + rows(8, (i) => `${(45782.33333333 + i / 1440).toFixed(8)},${i}`)).mapping.timestamp.kind).toBe('excel');
  });

  it('a zone that the header states', () => {
    expect(shapeOf('Time (UTC),v\n' + rows(8, (i) => `2025-06-10 0${i}:00:00,${i}`)).mapping.timestamp.zone).toBe('UTC');
    expect(shapeOf('"Date Time, GMT-06:00",v\n' + rows(8, (i) => `2025-06-10 0${i}:00:00,${i}`)).mapping.timestamp.zone).toBe('UTC-06:00');
  });
});

describe('files with nothing in them', () => {
  it.each([['prose', 'hello world this\nis just text\n\nno numbers, at all\n'], ['words', 'name,colour\nfoo,red\nbar,green\n']])('%s are no log that has yet to begin', (_name, text) => {
    const { hasData, findings } = shapeOf(text);
    expect({ hasData, codes: findings.map(({ code }) => code) }).toEqual({ hasData: false, codes: ['no-readings'] });
  });

  it.each([['nothing', ''], ['a mark', '\ufeff'], ['a header alone', 'Time,Flow (l/s),Head (mbar)\n']])('%s', (_name, text) => {
    expect(shapeOf(text).hasData).toBe(false);
  });
});
