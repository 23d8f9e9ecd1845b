import { describe, expect, it } from 'vitest';
import { stateInColumn } from '../reading/words.ts';
import { findShape, type Shape } from '../shape/mapping.ts';
import { Intake, IntakeState } from './intake.ts';
import { orderOfRows } from './passes.ts';

/** What a file gives: 'asset/sensor [unit]' to its points, times as UTC with milliseconds; and the reasons of rows set aside. */
const read = (text: string | Buffer, site = 'Europe/Berlin'): { shape: Shape; series: Record<string, [string, number][]>; aside: string[]; events: (string | null)[] } => {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const shape = findShape(bytes, true, site);
  const take = (state: Partial<IntakeState>): Intake => {
    const intake = new Intake(shape.mapping, { position: 0, line: 0, state: IntakeState.parse(state), defaultAsset: 'm', nameAsset: (name) => name });
    intake.feed(bytes);
    intake.work(true);
    return intake;
  };
  const intake = take(orderOfRows([...take({}).rows.positions()]));
  const series: Record<string, [string, number][]> = {};
  for (const batch of intake.rows.tables(10_000))
    for (const column of batch.columns)
      for (let row = 0; row < batch.rows; row++) {
        const value = column.values[row] ?? NaN;
        if (Number.isNaN(value) || column.asked?.[row] === 0) continue;
        (series[`${batch.asset}/${column.name}${column.unit === null ? '' : ` [${column.unit}]`}`] ??= []).push([new Date((batch.positions[row] ?? 0) / 1000).toISOString().replace(/^20|\.000|Z$/g, ''), value]);
      }
  return { shape, series, aside: intake.aside.map(({ reason }) => reason), events: intake.rows.events.map(({ mode }) => mode) };
};
const two = (n: number): string => String(n).padStart(2, '0');
const rows = (count: number, row: (i: number) => string): string => Array.from({ length: count }, (_, i) => `${row(i)}\n`).join('');
const first = (text: string | Buffer, site?: string): [string, [string, number] | undefined][] => Object.entries(read(text, site).series).map(([name, points]) => [name, points[0]]);

describe('times as loggers write them', () => {
  it.each<[string, (i: number) => string, string, string?]>([
    ["Spanish Windows' a. m.", (i) => `15/09/2025 0${1 + i}:00:00 p. m.`, '25-09-15T11:00:00'],
    ["Oracle's Chinese", (i) => `15-9月 -25 09.${two(i)}.00.000000000 上午`, '25-09-15T07:00:00'],
    ['Chinese months', (i) => `15-九月-2025 09:${two(i)}:00`, '25-09-15T07:00:00'],
    ['IEC literals', (i) => `DT#2025-09-15-08:${two(i)}:00`, '25-09-15T06:00:00'],
    ['seventeen digits', (i) => `202509150800${two(i)}250`, '25-09-15T06:00:00.250'],
    ['AM and PM on the continent: the month stands first', (i) => `07/03/25 08:${two(i)}:00 AM`, '25-07-03T06:00:00'],
  ])('%s', (_name, time, at) => {
    expect(first(`Time,v\n${rows(9, (i) => `${time(i)},${i}.5`)}`)).toEqual([['m/v', [at, 0.5]]]);
  });

  it.each<[string, string, string, string]>([
    ['a zone in brackets holds in summer too', 'Zeit (MEZ);v', '03.07.2025 08:00:00;0,5', '25-07-03T07:00:00'],
    ['milliseconds apart', 'Date;Time;Millitm;v', '09/15/2025;08:00:00;17;0,5', '25-09-15T06:00:00.017'],
    ['digits whose zeros are gone', 'DATE;TIME;v', '20250915;1500;0,5', '25-09-14T22:15:00'],
    ["a spreadsheet's day and part of a day", 'Datum;Uhrzeit;v', '45915;0,25;0,5', '25-09-15T04:00:00'],
    ['UTC in the name of the clock alone', 'Date,UTC Time,v', '9/15/2025,06:00:00,0.5', '25-09-15T06:00:00'],
  ])('%s', (_name, header, row, at) => {
    const more = rows(9, (i) => row.replace(/^20250915;1500/, `20250915;${(i + 1) * 10_000}`).replace('0,25;', `0,${250 + i + 1};`).replace(/08:00:00|06:00:00/, (clock) => clock.replace(':00:00', `:${two(i + 1)}:00`)));
    expect(first(`${header}\n${row}\n${more}`)[0]).toEqual(['m/v', [at, 0.5]]);
  });

  it('hours beyond a day since a start', () => {
    expect(read(`Start time,2025-09-15 06:30:00\nElapsed,v\n${rows(30, (i) => `${two(i)}:00:00,${i}.5`)}`, 'UTC').series['m/v']?.at(-1)).toEqual(['25-09-16T11:30:00', 29.5]);
  });

  it('a repeated hour: hourly rows are two, the newest first tells the later pass first', () => {
    expect(read(`Zeit;v\n${['00:00', '01:00', '02:00', '02:00', '03:00', '04:00'].map((clock, i) => `26.10.2025 ${clock};${i},5`).join('\n')}\n`).series['m/v']?.slice(2, 4)).toEqual([['25-10-26T00:00:00', 2.5], ['25-10-26T01:00:00', 3.5]]);
    const newest = ['03:30', '03:00', '02:30', '02:00', '02:30', '02:00', '01:30'];
    expect(read(`Time,v\n${newest.map((clock, i) => `2025-10-26 ${clock}:00,${i}.5`).join('\n')}\n`).series['m/v']?.map(([at]) => at.slice(9))).toEqual(['02:30:00', '02:00:00', '01:30:00', '01:00:00', '00:30:00', '00:00:00', '23:30:00'].map((clock) => clock));
  });

  it('impossible ones at the start are records too', () => {
    expect(read(`Zeit;v\n00.00.0000 00:00:00;1,5\n--.--.---- --:--:--;2,5\n${rows(9, (i) => `15.09.2025 08:${two(i)}:00;${i},5`)}`).aside).toEqual(['time-unreadable', 'time-unreadable']);
  });
});

describe('headers as tools write them', () => {
  const body = (delimiter = ',', decimal = '.'): string => rows(12, (i) => ['2025-09-15 08:' + two(i) + ':00', `${i}${decimal}5`, `${i}${decimal}25`].join(delimiter));
  it.each<[string, string, string[]]>([
    ['units above the names', `s,K,kPa\nTimestamp,T1,P1\n${body()}`, ['m/T1 [K]', 'm/P1 [kPa]']],
    ['a table of channels', `No;Name;Unit;Min\n1;Oil temp;°C;0\n2;Oil press;bar;0\nTime;Oil temp;Oil press\n${body(';')}`, ['m/Oil temp [°C]', 'm/Oil press [bar]']],
    ['marks of names and types', `"#NAMES"\n"t_stamp","Temp","Speed"\n"#TYPES"\n"date","F8","I"\n"#ROWS","12"\n${body()}`, ['m/Temp', 'm/Speed']],
    ['channels called 1 and 2', `Zeit;1;2\n${body(';', ',')}`, ['m/1', 'm/2']],
    ['another delimiter than the rows', `Time,Temp (°C),Press (bar)\n${body(';', ',')}`, ['m/Temp [°C]', 'm/Press [bar]']],
    ['places and indexes in brackets', `Time,Level [TK-101],Zone(1)\n${body()}`, ['m/Level [TK-101]', 'm/Zone(1)']],
    ['a unit behind a comma or a blank', `"Time","Temp inlet, °C","Tank kW"\n${body()}`, ['m/Temp inlet [°C]', 'm/Tank [kW]']],
    ['a preamble as long as the log', `${rows(60, (i) => `Parameter ${i};${i};0,5`)}Zeit;T;P\n${body(';', ',')}`, ['m/T', 'm/P']],
    ['a rule of dashes under names of two words', `Date and time         Oil temp   Oil press\n--------------------  --------   ---------\n${rows(12, (i) => `2025-09-15 08:${two(i)}:00       ${10 + i}.7        4.03`)}`, ['m/Oil temp', 'm/Oil press']],
  ])('%s', (_name, text, names) => {
    expect(Object.keys(read(text).series)).toEqual(names);
  });

  it('a unit in a column of its own, and the row number of a spreadsheet', () => {
    expect(Object.keys(read(`Zeit;P1;Einheit;T1;Einheit\n${rows(12, (i) => `15.09.2025 08:${two(i)}:00;3,${i};bar;69,9;°C`)}`).series)).toEqual(['m/P1 [bar]', 'm/T1 [°C]']);
  });
});

describe('cells as they come', () => {
  it.each<[string, string, number]>([
    ['a sign apart', '+   58.5', 58.5],
    ['padded by NULs', '58.5\0\0\0', 58.5],
    ['kept from a spreadsheet', '="58.5"', 58.5],
  ])('%s', (_name, cell, value) => {
    expect(read(`Time,v,w\n${rows(9, (i) => `2025-09-15 08:${two(i)}:00,${cell},${i}`)}`).series['m/v']?.[0]?.[1]).toBe(value);
  });

  it('lines in quotes as a whole', () => {
    expect(Object.keys(read(`"Time,A (mm),B (mm)"\n${rows(9, (i) => `"2025-09-15 08:${two(i)}:00,9.${i},19.02"`)}`).series)).toEqual(['m/A [mm]', 'm/B [mm]']);
  });

  it('decimals that come after many whole numbers; words before the first one', () => {
    expect(read(`Zeit;n;Last\n${rows(300, (i) => `15.09.2025 0${Math.floor(i / 60)}:${two(i % 60)}:00;${i};${i < 280 ? 20 : '20,5'}`)}`).series['m/Last']?.at(-1)?.[1]).toBe(20.5);
    expect(read(`Zeit;T;P\n${rows(120, (i) => `15.09.2025 0${Math.floor(i / 60)}:${two(i % 60)}:00;${i < 80 ? 'Init' : `${i},5`};4,2`)}`).series['m/T']).toHaveLength(40);
  });

  it('one byte of another encoding, erased memory, Japanese half-width names', () => {
    const table = (extra: Buffer): Buffer => Buffer.concat([Buffer.from(`Time,Temp (°C),Note\n${rows(12, (i) => `2025-09-15 08:${two(i)}:00,${i}.5,`)}`), extra]);
    for (const extra of [Buffer.from('2025-09-15 09:00:00,1.5,gr\xfcn\n', 'latin1'), Buffer.alloc(64, 0xff)]) expect(Object.keys(read(table(extra)).series)).toEqual(['m/Temp [°C]']);
    const pump = Buffer.concat([Buffer.from([0x8e, 0x9e, 0x8d, 0x8f, 0x2c, 0xce, 0xdf, 0xdd, 0xcc, 0xdf]), Buffer.from(`\n${rows(12, (i) => `2025/09/15 08:${two(i)}:00,${i}.5`)}`)]);
    expect(Object.keys(read(pump).series)).toEqual(['m/ﾎﾟﾝﾌﾟ']);
  });
});

describe('long form', () => {
  const long = (header: string, row: (tag: string, i: number) => string): string => header + rows(24, (i) => row(i % 2 === 0 ? 'T' : 'V', i));
  it.each<[string, string, string[], number]>([
    ['without a header', long('', (tag, i) => `2025-09-15 08:${two(i >> 1)}:00,${tag},${i}.5,Good`), ['m/T', 'm/V'], 24],
    ["WinCC's validity", long('"VarName";"TimeString";"VarValue";"Validity";"Time_ms"\n', (tag, i) => `"${tag}";"15.09.2025 08:${two(i >> 1)}:00";${i},38;${i === 4 ? 0 : 1};45915333333,3333`), ['m/T', 'm/V'], 23],
    ['OPC UA status words and codes', long('NodeId,SourceTimestamp,Value,StatusCode\n', (tag, i) => `${tag},2025-09-15T06:${two(i >> 1)}:00Z,${i}.5,${i === 4 ? 'BadNoCommunication' : i === 6 ? '0x80000000' : i === 8 ? '0x00000000' : 'Good'}`), ['m/T', 'm/V'], 22],
    ['InfluxDB, annotated', long('#group,false,false\n#datatype,string,long\n,result,table,_start,_time,_value,_field\n', (tag, i) => `,,0,2025-09-15T06:00:00Z,2025-09-15T06:${two(i >> 1)}:10Z,${i}.5,${tag}`), ['m/T', 'm/V'], 24],
    ['units in cells', long('Time,tag,value\n', (tag, i) => `2025-09-15 08:${two(i >> 1)}:00,${tag},${i}.5 ${tag === 'T' ? '°C' : 'mm/s'}`), ['m/T [°C]', 'm/V [mm/s]'], 24],
  ])('%s', (_name, text, names, count) => {
    const { series } = read(text);
    expect(Object.keys(series)).toEqual(names);
    expect(Object.values(series).flat()).toHaveLength(count);
  });
});

describe('what is no log', () => {
  it('a letter with a number in it', () => {
    expect(read('Exported by hand on Monday.\nPlease call 112 with questions.\n').shape).toMatchObject({ hasData: false, findings: [{ code: 'no-readings' }] });
  });
});

describe('columns that a header within the file orders anew', () => {
  it('known ones go on by name, new ones begin, those left out end', () => {
    const { series, aside } = read(`Time,Temp (°C),Press (bar)\n${rows(9, (i) => `2025-09-15 08:${two(i)}:00,${60 + i}.5,5.${i}`)}Time,Press (bar),Flow (l/s),Temp (°C)\n${rows(9, (i) => `2025-09-15 09:${two(i)}:00,4.${i},3${i}.5,${50 + i}.5`)}Time,Press (bar)\n2025-09-15 10:00:00,3.5\n`);
    expect(aside).toEqual([]);
    expect([series['m/Temp [°C]']?.length, series['m/Press [bar]']?.length, series['m/Flow [l/s]']?.length]).toEqual([18, 19, 9]);
    expect(series['m/Temp [°C]']?.[9]).toEqual(['25-09-15T07:00:00', 50.5]);
    expect(series['m/Press [bar]']?.at(-1)).toEqual(['25-09-15T08:00:00', 3.5]);
  });
});

describe('tables of events', () => {
  const layoutOf = (text: string): [string, string[]] => {
    const { mapping } = read(text).shape;
    return [mapping.layout, mapping.columns.map(({ role }) => role)];
  };
  it('orders of maintenance systems in their languages', () => {
    expect(layoutOf('Auftrag;Auftragsart;Equipment;Kurztext;Beginn;Ende;Istkosten\n4001234;PM01;10004711;Lager tauschen;15.09.2025 10:00;15.09.2025 11:30;1.250,00\n4001240;PM02;10004711;Inspektion;16.09.2025 06:00;16.09.2025 06:20;80,00\n')).toEqual(['events', ['counter', 'kind', 'asset', 'mode', 'time', 'end', 'text']]);
    expect(layoutOf('WONUM,DESCRIPTION,ASSETNUM,WORKTYPE,STATUS,REPORTDATE,ACTSTART,ACTFINISH,FAILURECODE,DOWNTIME\n10045,"Replace bearing, DE side",FAN7,CM,COMP,09/14/2025 10:05,09/14/2025 10:30,09/14/2025 13:00,BRG,2.5\n10051,Grease,FAN7,PM,COMP,09/14/2025 15:00,09/14/2025 15:10,09/14/2025 15:25,,0\n')[0]).toBe('events');
    expect(layoutOf('工单号,设备,故障模式,开始时间,停机时间(h)\n1,泵1,轴承,2025-09-14 10:05,2.5\n2,泵2,密封,2025-09-15 10:05,1.5\n')).toEqual(['events', ['counter', 'asset', 'mode', 'time', 'end']]);
    expect(layoutOf(`Time,Flow,Head\n${rows(12, (i) => `2025-09-15 08:${two(i)}:00,${i}.5,3`)}`)[0]).toBe('wide');
  });
});

describe('what instruments and plants write', () => {
  const names = (text: string): string[] => Object.keys(read(text).series);

  it.each<[string, string, (i: number) => string, string, string]>([
    ["a power analyser's milliseconds behind a clock of its own, units in the cells, Min in a name", 'Date\tTime\tVrms Min', (i) => `25/03/2025\t06:50:${two(i)} 250msec\t398.5 V`, 'm/Vrms Min [V]', '25-03-25T05:50:00.250'],
    ["LabVIEW's seconds since 1904", 'Time;Temp (°C)', (i) => `${3_824_517_000 + i},5;398,5`, 'm/Temp [°C]', '25-03-11T05:50:00.500'],
    ["Windows' count since 1601", 'Time;Temp (°C)', (i) => `${133_861_458_000_000_000n + BigInt(i) * 10_000_000n};398,5`, 'm/Temp [°C]', '25-03-11T05:50:00'],
    ['intervals count from their start', 'Intervall;Energie kWh', (i) => `25.03.2025 06:${two(i * 5)} - 06:${two(i * 5 + 5)};398,5`, 'm/Energie [kWh]', '25-03-25T05:00:00'],
    ["ISO's weeks", 'Zeit;T', (i) => `2025-W11-2 06:${two(i)};398,5`, 'm/T', '25-03-11T05:00:00'],
    ['hours with a point, spoken', 'Zeit;T', (i) => `11. März 2025, 06.${two(i)} Uhr;398,5`, 'm/T', '25-03-11T05:00:00'],
    ['Korean', '시간;T', (i) => `2025-03-11 오후 6:${two(i)}:00;398,5`, 'm/T', '25-03-11T17:00:00'],
  ])('%s', (_name, header, row, name, at) => {
    expect(first(`${header}\n${rows(9, row)}`)).toEqual([[name, [at, 398.5]]]);
  });

  it.each<[string, string, string]>([['Running', 'Stopped', 'Pump'], ['Marche', 'Arrêt', 'État'], ['入', '切', '運転'], ['打开', '关闭', '阀门']])('%s and %s are text of themselves, and 1 and 0 in a column that is called one of states', (on, off, name) => {
    const text = `Time;${name};v\n${rows(9, (i) => `2025-03-25 06:${two(i)}:00;${i % 2 === 0 ? on : off};1`)}`;
    expect(names(text)).toEqual(['m/v']);
    expect([stateInColumn(on), stateInColumn(off), stateInColumn('Idle')]).toEqual([1, 0, NaN]);
    // Where they last they are modes, whatever the column is called.
    const lasting = read(`Time;${name};v\n${rows(9, (i) => `2025-03-25 06:${two(i)}:00;${i % 3 === 0 ? on : off};1`)}`);
    expect([Object.keys(lasting.series), lasting.shape.mapping.columns[1]?.role, lasting.events.slice(0, 3)]).toEqual([['m/v'], 'mode', [on, on, off]]);
  });

  it('a limit that was not reached is no value, and the column stays one of numbers', () => {
    const { series, aside } = read(`Unit ID,Date,Cu (ppm)\n${rows(9, (i) => `HPU-1,2025-0${1 + i}-15,${i % 3 === 0 ? '3.5' : '<1'}`)}`);
    expect([series['HPU-1/Cu [ppm]']?.map(([, value]) => value), aside]).toEqual([[3.5, 3.5, 3.5], []]);
  });

  it('a column of words that becomes nothing is told, remarks are not', () => {
    const told = (text: string): string[] => read(text).shape.findings.filter(({ code }) => code === 'columns-left-out').map(({ message }) => message);
    expect(told(`Time,Torque (Nm),v\n${rows(9, (i) => `2025-03-25 06:${two(i)}:00,(${i}.5),1`)}`)).toEqual([expect.stringMatching(/Torque \(\(0\.5\)/)]);
    expect(told(`Time,v,Comment\n${rows(9, (i) => `2025-03-25 06:${two(i)}:00,1,all well ${i}`)}`)).toEqual([]);
  });

  it('times of no known form set their rows aside: they are never numbered or put on the bare day', () => {
    expect(read(`Zeit;T\n${rows(9, (i) => `KW11/2 06h${two(i)}m;1,5`)}`)).toMatchObject({ series: {}, aside: Array(9).fill('time-unreadable') });
    expect(read(`Date;Time;T\n${rows(9, (i) => `25.03.2025;6 Uhr ${i} Minuten;1,5`)}`)).toMatchObject({ series: {}, aside: Array(9).fill('time-unreadable') });
  });

  it("a historian's validity of three numbers, its marks of start and end", () => {
    const text = `VarName;TimeString;VarValue;Validity;Time_ms\n${rows(9, (i) => `Level;25.03.2025 06:${two(i)}:00;5,${i};${i === 4 ? 0 : 1};45741250000,${i}`)}$RT_OFF$;25.03.2025 06:30:00;0;2;45741270000,5\n`;
    expect([names(text), read(text).series['m/Level']?.length]).toEqual([['m/Level'], 8]);
  });

  it('a status before each value judges it', () => {
    const text = `Zeit;Status;A (°C);Status;B (bar)\n${rows(9, (i) => `25.03.2025 06:${two(i)}:00;${i === 3 ? 'Leitungsbruch' : 'OK'};2${i},5;OK;1,5`)}`;
    expect(Object.entries(read(text).series).map(([name, points]) => [name, points.length])).toEqual([['m/A [°C]', 8], ['m/B [bar]', 9]]);
  });

  it("names in two rows of words, where only both tell columns apart; a label's pairs are no unit", () => {
    expect(names(`;Temp;Hi;Wind\nTime;Out;Temp;Temp\n${rows(9, (i) => `25.03.2025 06:${two(i)}:00;1,5;2,5;3,5`)}`)).toEqual(['m/Temp Out', 'm/Hi Temp', 'm/Wind Temp']);
    expect(names(`Time;power {host=a}\n${rows(9, (i) => `25.03.2025 06:${two(i)}:00;1,5`)}`)).toEqual(['m/power {host=a}']);
  });

  it('a first column that nothing names is a sensor unless it counts the records', () => {
    expect(names(rows(12, (i) => `${[3, 3, 20, 100][Math.floor(i / 3)] ?? 0}\t${i}.5\t130`))).toEqual(['m/column 1', 'm/column 2', 'm/column 3']);
    expect(names(rows(12, (i) => `${i + 1}\t${i}.5\t130`))).toEqual(['m/column 2', 'm/column 3']);
  });
});
