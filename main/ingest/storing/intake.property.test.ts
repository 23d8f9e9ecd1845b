import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../contract/data.ts';
import { findShape } from '../shape/mapping.ts';
import { Intake, IntakeState } from './intake.ts';

const intakeFor = (mapping: Mapping): Intake => new Intake(mapping, { position: 0, line: 0, state: IntakeState.parse({}), defaultAsset: 'pump', nameAsset: (text) => text });

/** All rows of a file fed in chunks: positions and values of each sensor, NaN as null. */
const readAll = (mapping: Mapping, bytes: Buffer, cuts: readonly number[]) => {
  const intake = intakeFor(mapping);
  const positions: number[] = [];
  const values: Record<string, (number | null)[]> = {};
  const aside: [number, string][] = [];
  let rowsRead = 0;
  const gather = (): void => {
    for (const batch of intake.rows.tables(Infinity)) {
      for (let row = 0; row < batch.rows; row++) {
        positions.push(batch.positions[row] ?? NaN);
        for (const column of batch.columns) {
          const value = column.values[row] ?? NaN;
          (values[column.name] ??= []).push(Number.isNaN(value) ? null : value);
        }
      }
    }
    aside.push(...intake.aside.map(({ line, reason }): [number, string] => [line, reason]));
    rowsRead += intake.rowsRead;
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
  return { positions, values, aside, rowsRead, position: intake.position };
};

const header = 'time,a (bar),b (mm/s),note\n';
const rowText = (minute: number, a: string, b: string, note: string): string => `2025-01-01 ${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00,${a},${b},${note}`;
const clean = Array.from({ length: 30 }, (_, i) => rowText(i, '1.5', '2', 'ok')).join('\n') + '\n';
const mapping = findShape(Buffer.from(header + clean), true, 'UTC').mapping;

const number = fc.tuple(fc.constantFrom('', '-'), fc.stringMatching(/^\d{1,9}$/), fc.option(fc.stringMatching(/^\d{0,6}$/))).map(([sign, whole, part]) => sign + whole + (part === null ? '' : `.${part}`));
const cell = fc.oneof({ weight: 8, arbitrary: number }, { weight: 1, arbitrary: fc.constantFrom('', '1e3', '+7', 'NaN', ' 3.5 ', '123456789012345678', '1,5') }).map((text) => (text.includes(',') ? `"${text}"` : text));
const note = fc.constantFrom('', 'ok', '"a, b"', '"two\nlines"');

describe('plain rows from bytes to numbers', () => {
  it('give the same as Number() of each cell, whatever stands between them and wherever chunks are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, note, fc.constantFrom('\n', '\r\n')), { maxLength: 40 }), fc.array(fc.nat(4000), { maxLength: 6 }), (rows, rawCuts) => {
        const bytes = Buffer.from(header + rows.map(([a, b, n, end], i) => rowText(i, a, b, n) + end).join(''));
        const cuts = rawCuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b);
        const read = readAll(mapping, bytes, cuts);
        const value = (text: string): number | null => {
          const own = text.trim();
          return own === '' || own === 'NaN' || own.startsWith('"') ? null : Number(own);
        };
        const isKept = ([a, b]: readonly [string, string, ...unknown[]]): boolean => value(a) !== null || value(b) !== null || !(a.startsWith('"') || b.startsWith('"'));
        const kept = rows.filter(isKept);
        expect(read.rowsRead).toBe(rows.length);
        expect(read.aside.map(([, reason]) => reason)).toEqual(rows.filter((row) => !isKept(row)).map(() => 'row-without-values'));
        expect(read.values.a ?? []).toEqual(kept.map(([a]) => value(a)));
        expect(read.values.b ?? []).toEqual(kept.map(([, b]) => value(b)));
        expect(read.position).toBe(bytes.length);
      }),
      { numRuns: 400 },
    );
  });

  it('give the same times over a change of clocks as the general way does', () => {
    const at = (utc: number): string => new Date(utc).toLocaleString('sv-SE', { timeZone: 'Europe/Berlin' });
    const start = Date.UTC(2025, 9, 25, 20);
    const text = 'time,a\n' + Array.from({ length: 72 }, (_, i) => `${at(start + i * 600_000)},${i}\n`).join('');
    const berlin = findShape(Buffer.from(text), true, 'Europe/Berlin').mapping;
    expect(readAll(berlin, Buffer.from(text), []).positions).toEqual(Array.from({ length: 72 }, (_, i) => (start + i * 600_000) * 1000));
  });
});

describe('what can not be read', () => {
  const text = `${header}${clean}nonsense,1,2,x\n2025-01-01 01:00:00,1,2,x,9\n2025-02-30 01:00:00,1,2,x\n# remark\n\n\0\0\0\n${header}2025-01-01 02:00:00,7\n2025-01-01 03:00:00,8`;

  it('is set aside with its line and its reason; remarks, blank lines and headers are passed over', () => {
    const read = readAll(mapping, Buffer.from(text), []);
    expect(read.aside).toEqual([[32, 'time-unreadable'], [33, 'row-too-long'], [34, 'time-unreadable'], [40, 'row-cut']]);
    expect(read.values.a?.at(-1)).toBe(7);
    expect(read.rowsRead).toBe(35);
  });
});
