import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Column, Mapping } from '../../../contract/data.ts';
import { Intake, IntakeState } from '../intake.ts';

/** All that a file comes to: each asset's and sensor's positions and values in the order in which they came, what is set aside, what is remembered. */
const readAll = (mapping: Mapping, bytes: Buffer, cuts: readonly number[], isGeneral: boolean) => {
  const intake = new Intake(mapping, { position: 0, line: 0, state: IntakeState.parse({ earliest: 946_684_800_000_000 }), defaultAsset: 'pump', nameAsset: (text) => text, isGeneral });
  const series = new Map<string, [number, number][]>();
  const kinds = new Map<string, string>();
  const aside: [number, string, string][] = [];
  let [rowsRead, filledRecords] = [0, 0];
  const gather = (): void => {
    for (const batch of intake.rows.tables(Infinity))
      for (const column of batch.columns) {
        const key = `${batch.asset} ${column.name}`;
        const own = series.get(key) ?? [];
        series.set(key, own);
        kinds.set(key, `${column.unit ?? ''} ${column.kind}`);
        for (let row = 0; row < batch.rows; row++) if (column.asked === null || column.asked[row] === 1) own.push([batch.positions[row] ?? NaN, column.values[row] ?? NaN]);
      }
    aside.push(...intake.aside.map(({ line, reason, original }): [number, string, string] => [line, reason, original.toString('latin1')]));
    rowsRead += intake.rowsRead;
    filledRecords += intake.rows.filledRecords;
    intake.clear();
  };
  let from = 0;
  for (const cut of cuts) {
    intake.feed(Buffer.from(bytes.subarray(from, cut)));
    from = cut;
    while (intake.work(false)) gather();
  }
  intake.feed(Buffer.from(bytes.subarray(from)));
  while (intake.work(true)) gather();
  gather();
  const { unreadableCells, badQuality, numbered } = intake.rows;
  return { series, kinds, aside, rowsRead, filledRecords: intake.rows.plan.groups.length > 1 ? filledRecords : 0, position: intake.position, line: intake.line, unreadableCells, badQuality, numbered: mapping.timestamp.kind === 'none' ? numbered : 0, state: intake.state(true).before };
};

interface Dialect {
  delimiter: string;
  decimal: '.' | ',';
  time: string;
  zone: string;
  layout: 'wide' | 'plain' | 'long' | 'asset' | 'groups' | 'numbered';
  isQuoted: boolean;
  encoding: string;
}

const two = (n: number): string => String(n).padStart(2, '0');
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A moment as a clock on a wall shows it, written in a form; now and then in another one. */
const written = (form: string, seconds: number, fraction: number): string => {
  const d = new Date(Date.UTC(2025, 9, 25, 22) + seconds * 1000);
  const [year, month, day, hour] = [d.getUTCFullYear(), d.getUTCMonth() + 1, d.getUTCDate(), d.getUTCHours()];
  const clock = `${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
  switch (form) {
    case 'yyyy-MM-dd HH:mm:ss': return `${year}-${two(month)}-${two(day)} ${two(hour)}:${clock}`;
    case "yyyy-MM-dd'T'HH:mm:ss.SSSZZ": return `${year}-${two(month)}-${two(day)}T${two(hour)}:${clock}${fraction === 0 ? '' : `.${fraction}`}${['Z', '+02:00', '-0530', '+01', ''][fraction % 5]}`;
    case 'dd.MM.yyyy HH:mm:ss,SSS': return `${two(day)}.${two(month)}.${year} ${two(hour)}:${clock},${fraction}`;
    case 'd/M/yy hh:mm:ss a': return `${day}/${month}/${two(year % 100)} ${hour % 12 === 0 ? 12 : hour % 12}:${clock} ${hour < 12 ? 'AM' : 'pm'}`;
    case 'dd-MMM-yyyy HH:mm:ss': return `${two(day)}-${months[month - 1] ?? ''}-${year} ${two(hour)}:${clock}`;
    case 'yyyyMMddHHmmss': return `${year}${two(month)}${two(day)}${two(hour)}${clock.replace(':', '')}`;
    case 'epoch-s': return `${Math.floor(d.getTime() / 1000)}${fraction === 0 ? '' : `.${fraction}`}`;
    case 'epoch-ns': return `${d.getTime()}${String(fraction).padStart(6, '0')}`;
    default: return String(seconds);
  }
};

const forms = ['yyyy-MM-dd HH:mm:ss', "yyyy-MM-dd'T'HH:mm:ss.SSSZZ", 'dd.MM.yyyy HH:mm:ss,SSS', 'd/M/yy hh:mm:ss a', 'dd-MMM-yyyy HH:mm:ss', 'yyyyMMddHHmmss', 'epoch-s', 'epoch-ns', 'cycle'];

const dialect: fc.Arbitrary<Dialect> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|', '\\s+'),
  decimal: fc.constantFrom('.', ','),
  time: fc.constantFrom(...forms),
  zone: fc.constantFrom('UTC', 'Europe/Berlin', 'UTC+3'),
  layout: fc.constantFrom('wide', 'plain', 'plain', 'long', 'asset', 'groups', 'numbered'),
  isQuoted: fc.boolean(),
  encoding: fc.constantFrom('utf-8', 'utf-8', 'windows-1252', 'utf-16le'),
}).map((one) => (one.delimiter === '\\s+' ? { ...one, time: one.time.includes(' ') ? 'epoch-s' : one.time, isQuoted: false } : one.delimiter === ',' ? { ...one, decimal: '.' } : one));

const number = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.nat(4)).map(([n, places]) => (n / 10 ** places).toFixed(places)) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom('-0', '+7', '1e3', '2.5E-7', '1e400', '0.1234567890123456789', '.5', '5.', '-9999', '1,234.5', '1.234', '12 345', '0 000', '1.5D+03') },
);
const cellText = fc.oneof(
  { weight: 10, arbitrary: number },
  { weight: 2, arbitrary: fc.constantFrom('', 'NaN', 'Bad', 'ON', 'off', '---', 'hmm', ' 3.5 ', '-', '12.5 bar', '3 bar', '0 bar', '7 mm', '5-', '1e', '\u00a04', 'a"b') },
);

const record = fc.record({
  step: fc.oneof({ weight: 8, arbitrary: fc.constant(60) }, { weight: 1, arbitrary: fc.integer({ min: -4000, max: 20_000 }) }),
  fraction: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 999_999 })),
  cells: fc.array(cellText, { minLength: 4, maxLength: 4 }),
  tag: fc.constantFrom('T1', 'T1', 'T2', 'Druck 1', 'p\u00e4', 'T1;T2', ''),
  asset: fc.constantFrom('m1', 'm2', 'm2', ' m1', ''),
  quality: fc.constantFrom('Good', 'Good', 'Good', 'Bad', '192', ''),
  odd: fc.oneof({ weight: 30, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constantFrom('remark', 'blank', 'short', 'long', 'trailing', 'header', 'nul', 'notime', 'unclosed') }),
  end: fc.constantFrom('\n', '\n', '\n', '\r\n', '\r'),
});
/** Numbers as loggers write them, which the kernel takes, and now and then one that it leaves. */
const plainly = fc.oneof(
  { weight: 40, arbitrary: fc.tuple(fc.integer({ min: -99_999_999, max: 99_999_999 }), fc.nat(7)).map(([n, places]) => (n / 10 ** places).toFixed(places)) },
  { weight: 4, arbitrary: fc.tuple(fc.bigInt(0n, 99_999_999_999_999_999n), fc.nat(18)).map(([n, at]) => (at > 16 ? String(n) : `${String(n).slice(0, at)}.${String(n).slice(at)}`)) },
  { weight: 2, arbitrary: fc.constantFrom('', '-0', '.5', '5.', '.', '-', '-.', '1..2', '1.2.3', '--1', '0000.10', '9007199254740991', '9007199254740993', '-9999', '+1', '1e3', '12a', ' 1') },
);
const plainRecord = record.chain((row) => fc.array(plainly, { minLength: 4, maxLength: 4 }).map((cells) => ({ ...row, cells, fraction: 0 })));

type Row = typeof record extends fc.Arbitrary<infer T> ? T : never;

const columnsOf: Record<Dialect['layout'], [string, Column['role']][]> = {
  wide: [['time', 'time'], ['a', 'value'], ['b', 'value'], ['run', 'state'], ['c', 'value'], ['c quality', 'quality']],
  plain: [['a', 'value'], ['time', 'time'], ['b', 'value'], ['note', 'text'], ['c', 'value']],
  long: [['machine', 'asset'], ['tag', 'tag'], ['time', 'time'], ['value', 'value'], ['unit', 'unit'], ['quality', 'quality']],
  asset: [['time', 'time'], ['machine', 'asset'], ['a', 'value'], ['note', 'text'], ['b', 'value']],
  groups: [['t1', 'time'], ['a', 'value'], ['t2', 'time'], ['b', 'value'], ['c', 'value']],
  numbered: [['a', 'value'], ['b', 'value']],
};

const mappingOf = ({ delimiter, decimal, time, zone, layout, encoding }: Dialect): Mapping => {
  const kind = layout === 'numbered' ? 'none' : time.startsWith('epoch') ? (time === 'epoch-s' ? 'epoch-s' : 'epoch-ns') : time === 'cycle' ? 'cycle' : 'pattern';
  return {
    version: 1,
    layout: layout === 'long' ? 'long' : 'wide',
    dialect: { delimiter, decimal, quote: '"', encoding, headerLines: 1 },
    timestamp: { kind, format: time, zone },
    columns: columnsOf[layout].map(([name, role], index) => ({ index, name, role, unit: null, unitAsWritten: null, why: '' })),
    asset: null,
    machineType: null,
    axis: 'time',
    missingCodes: [-9999],
  };
};

const fileOf = (form: Dialect, rows: readonly Row[]): Buffer => {
  const delimiter = form.delimiter === '\\s+' ? ' ' : form.delimiter;
  const columns = columnsOf[form.layout];
  let text = columns.map(([name]) => name).join(delimiter) + '\n';
  let seconds = 0;
  for (const row of rows) {
    seconds += row.step;
    const moment = row.odd === 'notime' ? '' : written(form.time, seconds, row.fraction);
    const cells = columns.map(([, role], k) => {
      const cell = { time: moment, asset: row.asset, tag: row.tag, quality: row.quality, unit: 'bar', text: 'note', state: k % 2 === 0 ? 'ON' : (row.cells[3] ?? '') }[String(role)] ?? row.cells[k % 4] ?? '';
      const plain = form.delimiter === '\\s+' ? cell.replaceAll(/\s/g, '') || '-' : cell;
      return (form.isQuoted && k % 2 === 1 && !plain.includes('"')) || plain.includes(delimiter) ? `"${plain}"` : plain;
    });
    const line = cells.join(delimiter);
    const odd: Record<string, string> = { remark: '# remark', blank: '', short: cells.slice(0, 2).join(delimiter), long: `${line}${delimiter}9`, trailing: `${line}${delimiter}${delimiter}`, header: columns.map(([name]) => name).join(delimiter), nul: `\0\0${line}`, unclosed: `"${line}` };
    text += (odd[row.odd] ?? line) + row.end;
  }
  return form.encoding === 'utf-16le' ? Buffer.from(text, 'utf16le') : Buffer.from(text, form.encoding === 'utf-8' ? 'utf8' : 'latin1');
};

describe('the fast way', () => {
  it('comes to the same as the general one, in every dialect and layout, whatever stands between and wherever chunks are cut', () => {
    fc.assert(
      fc.property(dialect, fc.array(record, { minLength: 1, maxLength: 60 }), fc.array(fc.nat(6000), { maxLength: 4 }), (form, rows, rawCuts) => {
        const bytes = fileOf(form, rows);
        const cuts = rawCuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b);
        const mapping = mappingOf(form);
        expect(readAll(mapping, bytes, cuts, false)).toEqual(readAll(mapping, bytes, [], true));
      }),
      { numRuns: 1000 },
    );
  }, 60_000);

  it('comes to the same where nearly every record is for the kernel', () => {
    fc.assert(
      fc.property(dialect, fc.array(plainRecord, { minLength: 1, maxLength: 400 }), fc.array(fc.nat(40_000), { maxLength: 2 }), (form, rows, rawCuts) => {
        const bytes = fileOf({ ...form, layout: 'plain' }, rows);
        const cuts = rawCuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b);
        const mapping = mappingOf({ ...form, layout: 'plain' });
        expect(readAll(mapping, bytes, cuts, false)).toEqual(readAll(mapping, bytes, [], true));
      }),
      { numRuns: 200 },
    );
  }, 120_000);
});
