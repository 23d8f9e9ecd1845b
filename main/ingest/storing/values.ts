import type { Column, Mapping } from '../../contract/data.ts';
import { parseNumber } from '../reading/numbers.ts';
import { isNoValue, stateInColumn, stateValue } from '../reading/words.ts';
import { splitCell, toUnit } from '../shape/units.ts';

/** What a cell turned out to be. */
export type CellFault = 'missing' | 'unreadable' | null;

/** Why a cell gives no value: nothing in it, a word for that, a number declared to mean that, another sensor's quality, no number. */
export type MissingCause = 'empty' | 'word' | 'code' | 'quality' | 'unreadable';

/** Reads the values of one file: text to number, NaN where there is none, with `fault` telling why. */
export class ValueReader {
  fault: CellFault = null;
  /** Why the last cell gave no value. */
  cause: MissingCause = 'empty';
  private readonly decimal: '.' | ',';
  private readonly hasFreeComma: boolean;
  private readonly missing: ReadonlySet<number>;

  constructor(mapping: Mapping) {
    this.decimal = mapping.dialect.decimal;
    this.hasFreeComma = mapping.dialect.delimiter !== ',';
    this.missing = new Set(mapping.missingCodes);
  }

  /** A cell of a measured column. A state's words count 1 and 0, a number may bring the column's unit with it. */
  read(text: string, column: Column): number {
    this.fault = null;
    if (text === '') return this.none('empty');
    if (column.role === 'state') {
      const state = stateInColumn(text);
      if (!Number.isNaN(state)) return state;
    }
    const value = parseNumber(text, this.decimal);
    if (!Number.isNaN(value)) return this.missing.has(value) ? this.none('code') : value;
    return this.readOdd(text, column);
  }

  private readOdd(text: string, column: Column): number {
    // Kept from a spreadsheet: ="00471".
    const kept = /^="(.*)"$/.exec(text);
    if (kept) return this.read(kept[1] ?? '', column);
    // A PLC pads its texts with NULs.
    if (text.includes('\0')) return this.read(text.replaceAll('\0', '').trim(), column);
    // Decimal commas that come after many whole numbers: one comma without three digits behind it groups nothing.
    if (this.decimal === '.' && this.hasFreeComma && /^[+-]?\d*,(?:\d{1,2}|\d{4,})(?:[eE][+-]?\d+)?$/.test(text)) return parseNumber(text, ',');
    const split = splitCell(text);
    if (split && (column.unit === null || toUnit(split.unit).unit === column.unit)) {
      const value = parseNumber(split.number, this.decimal);
      if (!Number.isNaN(value)) return value;
    }
    return this.none(isNoValue(text) ? 'word' : 'unreadable');
  }

  private none(cause: MissingCause): number {
    this.cause = cause;
    this.fault = cause === 'unreadable' ? 'unreadable' : 'missing';
    return NaN;
  }
}

/** A value in long form, where one column holds numbers of some tags and states of others. */
export const readLongValue = (reader: ValueReader, text: string, column: Column): { value: number; kind: 'number' | 'state' } => {
  const value = reader.read(text, column);
  if (!Number.isNaN(value) || reader.fault === 'missing') return { value, kind: 'number' };
  const state = stateValue(text);
  if (Number.isNaN(state)) return { value: NaN, kind: 'number' };
  reader.fault = null;
  return { value: state, kind: 'state' };
};
