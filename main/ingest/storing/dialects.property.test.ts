import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findShape } from '../shape/mapping.ts';
import { Intake, IntakeState } from './intake.ts';

/**
 * A table with known readings is rendered in a random dialect, layout and form of times, and read back. Whatever is drawn here can be told from the
 * file alone; what can't is asked about and has tests of its own.
 */

const site = 'Europe/Berlin';
const two = (n: number): string => String(n).padStart(2, '0');

interface Parts {
  y: number;
  mo: number;
  d: number;
  h: number;
  mi: number;
  s: number;
  ms: number;
}

/** The wall clock of the site at a moment in milliseconds; no change of clocks lies in the months that are drawn. */
const partsOf = (at: number): Parts => {
  const wall = new Date(at + 3_600_000);
  return { y: wall.getUTCFullYear(), mo: wall.getUTCMonth() + 1, d: wall.getUTCDate(), h: wall.getUTCHours(), mi: wall.getUTCMinutes(), s: wall.getUTCSeconds(), ms: wall.getUTCMilliseconds() };
};

const clock = ({ h, mi, s }: Parts): string => `${two(h)}:${two(mi)}:${two(s)}`;
const half = (p: Parts, am: string, pm: string, before = false): string => {
  const text = `${two(p.h % 12 === 0 ? 12 : p.h % 12)}:${two(p.mi)}:${two(p.s)}`;
  const word = p.h < 12 ? am : pm;
  return before ? `${word}${text}` : `${text} ${word}`;
};
const english = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const german = ['Januar', 'Februar', 'März', 'April', 'Mai', 'Juni', 'Juli', 'August', 'September', 'Oktober', 'November', 'Dezember'];
const french = ['janv.', 'févr.', 'mars', 'avr.', 'mai', 'juin', 'juil.', 'août', 'sept.', 'oct.', 'nov.', 'déc.'];

interface TimeForm {
  name: string;
  header: string[];
  /** Cells of a moment in milliseconds of UTC. `start`: of the table. */
  cells: (at: number, start: number) => string[];
  preamble?: (start: number) => string[];
  /** Characters that the form needs. */
  letters?: 'latin' | 'han';
  /** Finest step that the form carries, in milliseconds. */
  step?: number;
  hasBlank?: boolean;
  hasComma?: boolean;
}

const iso = (at: number): string => new Date(at).toISOString();
const form = (name: string, cells: (p: Parts) => string | string[], more: Partial<TimeForm> = {}): TimeForm => ({ name, header: ['Time'], cells: (at) => [cells(partsOf(at))].flat(), hasBlank: true, ...more });

const timeForms: readonly TimeForm[] = [
  form('iso with blank', (p) => `${p.y}-${two(p.mo)}-${two(p.d)} ${clock(p)}`),
  form('iso with T', (p) => `${p.y}-${two(p.mo)}-${two(p.d)}T${clock(p)}`, { hasBlank: false }),
  form('fraction with point', (p) => `${p.y}-${two(p.mo)}-${two(p.d)} ${clock(p)}.${String(p.ms).padStart(3, '0')}`, { step: 1 }),
  form('fraction with comma', (p) => `${p.y}-${two(p.mo)}-${two(p.d)} ${clock(p)},${String(p.ms).padStart(3, '0')}`, { step: 1, hasComma: true }),
  form('German', (p) => `${two(p.d)}.${two(p.mo)}.${p.y} ${clock(p)}`),
  form('German, short year', (p) => `${two(p.d)}.${two(p.mo)}.${two(p.y % 100)} ${clock(p)}`),
  form('day first, slashes', (p) => `${two(p.d)}/${two(p.mo)}/${p.y} ${clock(p)}`),
  form('month first, slashes', (p) => `${two(p.mo)}/${two(p.d)}/${p.y} ${clock(p)}`),
  form('month first, 12 hours', (p) => `${p.mo}/${p.d}/${p.y} ${half(p, 'AM', 'PM')}`),
  form('Chinese words', (p) => `${p.y}年${p.mo}月${p.d}日 ${clock(p)}`, { letters: 'han' }),
  form('Chinese half days', (p) => `${p.y}/${p.mo}/${p.d} ${half(p, '上午', '下午', true)}`, { letters: 'han' }),
  form('English month', (p) => `${two(p.d)}-${english[p.mo - 1] ?? ''}-${p.y} ${clock(p)}`),
  form('German month', (p) => `${p.d}. ${german[p.mo - 1] ?? ''} ${p.y} ${clock(p)}`, { letters: 'latin' }),
  form('French month', (p) => `${p.d} ${french[p.mo - 1] ?? ''} ${p.y} ${clock(p)}`, { letters: 'latin' }),
  form('compact', (p) => `${p.y}${two(p.mo)}${two(p.d)}${two(p.h)}${two(p.mi)}${two(p.s)}`, { hasBlank: false }),
  form('date and clock apart', (p) => [`${two(p.d)}.${two(p.mo)}.${p.y}`, clock(p)], { header: ['Datum', 'Uhrzeit'], hasBlank: false }),
  form('parts apart', (p) => [p.y, p.mo, p.d, p.h, p.mi, p.s].map(String), { header: ['Year', 'Month', 'Day', 'Hour', 'Minute', 'Second'], hasBlank: false }),
  { name: 'offset', header: ['Time'], cells: (at) => [`${iso(at + 19_800_000).slice(0, 19)}+05:30`], hasBlank: false },
  { name: 'UTC in the header', header: ['Time (UTC)'], cells: (at) => [iso(at).slice(0, 19).replace('T', ' ')], hasBlank: true },
  { name: 'epoch s', header: ['ts'], cells: (at) => [String(at / 1000)], hasBlank: false },
  { name: 'epoch ms', header: ['ts'], cells: (at) => [String(at)], step: 1, hasBlank: false },
  { name: 'epoch us', header: ['ts'], cells: (at) => [`${at}000`], step: 1, hasBlank: false },
  { name: 'epoch ns', header: ['ts'], cells: (at) => [`${at}000000`], step: 1, hasBlank: false },
  { name: 'Excel', header: ['Date'], cells: (at) => [((at + 3_600_000) / 86_400_000 + 25_569).toFixed(8)], hasBlank: false },
  { name: 'elapsed', header: ['Time (s)'], cells: (at, start) => [String((at - start) / 1000)], preamble: (start) => [`Start: ${partsOf(start).y}-${two(partsOf(start).mo)}-${two(partsOf(start).d)} ${clock(partsOf(start))}`], hasBlank: false },
];

interface Table {
  start: number;
  step: number;
  names: string[];
  units: string[];
  /** By row and sensor; null: no value. */
  values: (number | null)[][];
}

const unitTexts = ['bar', 'mm/s', 'rpm', 'kW', '%', 'A'];
const tables: fc.Arbitrary<Table> = fc
  .record({
    // Winter months of 2024 and 2025, noon at the earliest: no clock is changed.
    start: fc.integer({ min: 0, max: 40 * 86_400 }).map((seconds) => Date.UTC(2024, 10, 10) + seconds * 1000),
    step: fc.constantFrom(1000, 10_000, 60_000, 600_000, 3_600_000),
    width: fc.integer({ min: 2, max: 4 }),
    rows: fc.integer({ min: 32, max: 60 }),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    digits: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ start, step, width, rows, seed, digits }) => {
    let state = seed;
    const next = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const names = Array.from({ length: width }, (_, i) => ['Druck', 'Vibration', 'Speed', 'Leistung'][i] ?? 'Sensor');
    const values = Array.from({ length: rows }, () => names.map(() => (next() < 0.05 ? null : (Math.round((next() * 3000 - 200) * 10 ** digits) || 1) / 10 ** digits)));
    // Columns without any value are no sensors.
    values[0] = names.map((_, i) => i + 1.5);
    return { start, step, names, units: names.map((_, i) => unitTexts[i] ?? ''), values };
  });

interface Dialect {
  time: TimeForm;
  delimiter: string;
  decimal: '.' | ',';
  thousands: string;
  quote: 'none' | 'double' | 'single';
  encoding: 'utf8' | 'bom' | 'utf16le' | 'utf16be' | 'latin1';
  lineEnd: string;
  layout: 'wide' | 'long' | 'asset' | 'pairs';
  units: 'name' | 'row' | 'cell' | 'none';
  preamble: number;
  isHeaderAgain: boolean;
  trailing: boolean;
  comments: boolean;
  missing: string;
  finalBreak: boolean;
}

const dialects: fc.Arbitrary<Dialect> = fc
  .record({
    time: fc.constantFrom(...timeForms),
    delimiter: fc.constantFrom(',', ';', '\t', '|', '  '),
    decimal: fc.constantFrom('.' as const, ',' as const),
    thousands: fc.constantFrom('', '', "'", ' ', '.', ','),
    quote: fc.constantFrom('none' as const, 'none' as const, 'double' as const, 'single' as const),
    encoding: fc.constantFrom('utf8' as const, 'bom' as const, 'utf16le' as const, 'utf16be' as const, 'latin1' as const),
    lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
    layout: fc.constantFrom('wide' as const, 'wide' as const, 'long' as const, 'asset' as const, 'pairs' as const),
    units: fc.constantFrom('name' as const, 'row' as const, 'cell' as const, 'none' as const),
    preamble: fc.integer({ min: 0, max: 3 }),
    isHeaderAgain: fc.boolean(),
    trailing: fc.boolean(),
    comments: fc.boolean(),
    missing: fc.constantFrom('', 'NaN', '---', 'Bad'),
    finalBreak: fc.boolean(),
  })
  .filter((d) => {
    const isBlanks = d.delimiter === '  ';
    if (isBlanks && (d.time.hasBlank === true || d.thousands === ' ' || d.units === 'cell' || d.missing === '' || d.trailing || d.quote !== 'none' || d.layout === 'pairs')) return false;
    if (d.quote === 'none' && d.delimiter === ',' && (d.decimal === ',' || d.thousands === ',' || d.time.hasComma === true)) return false;
    if (d.thousands === d.decimal || (d.thousands === "'" && d.quote === 'single')) return false;
    if (d.layout === 'pairs' && (d.time.header.length > 1 || !/Time/.test(d.time.header[0] ?? '') || d.time.name === 'elapsed')) return false;
    // A decimal mark of epochs, Excel's days and elapsed seconds is that of the file.
    if (/^(?:epoch s|Excel|elapsed)$/.test(d.time.name) && d.decimal === ',') return false;
    if (d.encoding === 'latin1' && (d.time.letters !== undefined || d.units === 'none')) return false;
    return !(d.layout === 'long' && d.units === 'row');
  });

/** With days up to the twelfth alone, day and month can't be told apart: such files are asked about. */
const isTold = ({ start, step, values }: Table, { time }: Dialect): boolean => !/^(?:month first, slashes|day first|German, short)/.test(time.name) || partsOf(start + (values.length - 1) * step).d > 12;

const numberText = (value: number, { decimal, thousands }: Dialect): string => {
  const [whole = '', fraction] = String(Math.abs(value)).split('.');
  const grouped = thousands === '' ? whole : whole.replace(/\B(?=(?:\d{3})+$)/g, thousands);
  return `${value < 0 ? '-' : ''}${grouped}${fraction === undefined ? '' : `${decimal}${fraction}`}`;
};

const render = (table: Table, d: Dialect): Buffer => {
  const unit = (i: number): string => table.units[i] ?? '';
  const shown = (i: number): string => (d.units === 'name' ? `${table.names[i] ?? ''} (${unit(i)})` : (table.names[i] ?? ''));
  const cell = (value: number | null | undefined, i: number): string => (value === null || value === undefined ? d.missing : `${numberText(value, d)}${d.units === 'cell' ? ` ${unit(i)}` : ''}`);
  const quoted = (text: string): string => (d.quote === 'double' ? `"${text}"` : d.quote === 'single' ? `'${text}'` : text);
  const line = (cells: readonly string[]): string => cells.map(quoted).join(d.delimiter) + (d.trailing ? d.delimiter : '');
  const time = (row: number): string[] => d.time.cells(table.start + row * table.step, table.start);
  const header: Record<Dialect['layout'], string[]> = {
    wide: [...d.time.header, ...table.names.map((_, i) => shown(i))],
    asset: [...d.time.header, 'machine', ...table.names.map((_, i) => shown(i))],
    long: [...d.time.header, 'tag', 'value', ...(d.units === 'name' ? ['unit'] : [])],
    pairs: table.names.flatMap((name, i) => [`${name} ${d.time.header[0] ?? ''}`, shown(i)]),
  };
  const rowsOf = (values: readonly (number | null)[], row: number): string[][] => {
    if (d.layout === 'wide') return [[...time(row), ...values.map(cell)]];
    if (d.layout === 'asset') return [[...time(row), `press-${1 + (row % 2)}`, ...values.map(cell)]];
    if (d.layout === 'pairs') return [values.flatMap((value, i) => [...time(row), cell(value, i)])];
    return values.map((value, i) => [...time(row), table.names[i] ?? '', cell(value, i), ...(d.units === 'name' ? [unit(i)] : [])]);
  };
  const blanks = d.layout === 'wide' ? d.time.header.map(() => '') : d.layout === 'asset' ? [...d.time.header.map(() => ''), ''] : [];
  const unitRow = d.units === 'row' ? [line(d.layout === 'pairs' ? table.names.flatMap((_, i) => ['', unit(i)]) : [...blanks, ...table.names.map((_, i) => unit(i))])] : [];
  const body = table.values.flatMap(rowsOf).map(line);
  if (d.isHeaderAgain) body.splice(Math.floor(body.length / 2), 0, line(header[d.layout]));
  if (d.comments) body.splice(3, 0, '# operator left');
  const preamble = [...(d.time.preamble?.(table.start) ?? []), ...Array.from({ length: d.preamble }, (_, i) => ['Logger: DL-2000', 'Site: Hall 4', 'Serial: 00417'][i] ?? '')];
  const text = [...preamble, line(header[d.layout]), ...unitRow, ...body].join(d.lineEnd) + (d.finalBreak ? d.lineEnd : '');
  if (d.encoding === 'latin1') return Buffer.from(text, 'latin1');
  if (d.encoding === 'utf16le') return Buffer.from(`\ufeff${text}`, 'utf16le');
  if (d.encoding === 'utf16be') return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  return Buffer.from(d.encoding === 'bom' ? `\ufeff${text}` : text, 'utf8');
};

/** All readings of a file: 'asset sensor' to [position in ms, value], in order of time. */
const readBack = (bytes: Buffer): { readings: Map<string, [number, number][]>; aside: string[] } => {
  const shape = findShape(bytes, true, site);
  const bom = bytes[0] === 0xef ? 3 : bytes[0] === 0xff || bytes[0] === 0xfe ? 2 : 0;
  const intake = new Intake(shape.mapping, { position: bom, line: 0, state: IntakeState.parse({}), defaultAsset: 'm', nameAsset: (text) => text });
  intake.feed(bytes.subarray(bom));
  intake.work(true);
  const readings = new Map<string, [number, number][]>();
  for (const batch of intake.rows.tables(100_000))
    for (const column of batch.columns)
      for (let row = 0; row < batch.rows; row++) {
        const value = column.values[row] ?? NaN;
        if (Number.isNaN(value) || (column.asked && column.asked[row] !== 1)) continue;
        const key = `${batch.asset} ${column.name}`;
        readings.set(key, [...(readings.get(key) ?? []), [(batch.positions[row] ?? NaN) / 1000, value]]);
      }
  return { readings, aside: intake.aside.map(({ reason, original }) => `${reason}: ${original.toString()}`) };
};

const expected = (table: Table, d: Dialect): Map<string, [number, number][]> => {
  const readings = new Map<string, [number, number][]>();
  table.values.forEach((values, row) => {
    values.forEach((value, i) => {
      if (value === null) return;
      const key = `${d.layout === 'asset' ? `press-${1 + (row % 2)}` : 'm'} ${table.names[i] ?? ''}`;
      readings.set(key, [...(readings.get(key) ?? []), [table.start + row * table.step, value]]);
    });
  });
  return readings;
};

const sorted = (readings: Map<string, [number, number][]>): [string, [number, number][]][] => [...readings].toSorted(([a], [b]) => a.localeCompare(b)).map(([key, points]) => [key, points.toSorted((a, b) => a[0] - b[0])]);

describe('a table rendered in any dialect', () => {
  it('is read back with every value at its time', () => {
    fc.assert(
      fc.property(tables, dialects, (table, dialect) => {
        fc.pre(isTold(table, dialect));
        const bytes = render(table, dialect);
        const { readings, aside } = readBack(bytes);
        const label = `${dialect.time.name}\n${bytes.toString('utf8').slice(0, 400)}`;
        expect({ label, aside, readings: sorted(readings) }).toEqual({ label, aside: [], readings: sorted(expected(table, dialect)) });
      }),
      { numRuns: Number(process.env['DIALECT_RUNS'] ?? 200), seed: Number(process.env['DIALECT_SEED'] ?? 20_251_125) },
    );
  });
});

describe('whatever bytes come', () => {
  /** Positions and values that were read: all of them are numbers. */
  const stored = (bytes: Buffer): number[] => [...readBack(bytes).readings.values()].flat(2);

  it('random ones are no readings, and end no process', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => stored(Buffer.from(bytes)).every(Number.isFinite)), { numRuns: 150, seed: 1 });
  });

  it('cut and garbled files too', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 0x22, 0x27, 0x0a, 0x0d, 0x2c, 0x3b, 0xff, 0x41)), { maxLength: 6 });
    fc.assert(
      fc.property(tables, dialects, damage, fc.nat(), (table, dialect, places, cut) => {
        const bytes = render(table, dialect);
        const damaged = Buffer.from(bytes.subarray(0, Math.max(1, cut % (bytes.length + 1))));
        for (const [place, byte] of places) damaged[place % damaged.length] = byte;
        expect(stored(damaged).every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 150, seed: 2 },
    );
  });
});
