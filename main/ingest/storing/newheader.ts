import type { Column, Mapping } from '../../contract/data.ts';
import { parseNumber } from '../reading/numbers.ts';
import { isTimeName, uniqueNames } from '../shape/header.ts';
import { filledWidth } from '../shape/sheet.ts';
import { toUnit } from '../shape/units.ts';

const isTimed = (column: Column): boolean => column.role === 'time' || column.role === 'date' || column.role === 'clock' || column.role === 'cycle';

/** A column that a header within the file brings: numbers in it are readings. */
const newColumn = (name: string, unit: string | null, index: number): Column => {
  const known = toUnit(unit);
  return { index, name, role: 'value', unit: known.unit, unitAsWritten: known.asWritten, why: 'came with a header within the file' };
};

/**
 * The columns after a header within the file that orders them anew, adds or leaves out some, as a logger writes it when it was set up anew: known
 * names keep what they mean. Null where the record is no such header: its times stand nowhere, it knows none of the names, or there are numbers in it.
 */
export const columnsAfter = (cells: readonly string[], { columns, dialect }: Mapping): Column[] | null => {
  const width = filledWidth(cells);
  if (width < 2 || cells.some((cell) => !Number.isNaN(parseNumber(cell, dialect.decimal)))) return null;
  const names = uniqueNames(cells.slice(0, width));
  const known = new Map(columns.map((column) => [column.name, column]));
  const found = names.map(({ name, unit }, index): Column => {
    const column = known.get(name);
    return column ? { ...column, index } : newColumn(name, unit, index);
  });
  const timed = columns.filter(isTimed);
  const isTimedAnew = timed.length > 0 && timed.every(({ name }) => found.some((column) => column.name === name));
  const shared = found.filter(({ name }) => known.has(name)).length;
  const isSame = found.every(({ name, index }) => columns[index]?.name === name);
  return isTimedAnew && timed.some(({ name }) => isTimeName(name)) && shared > timed.length && !isSame ? found : null;
};
