import type { Column, Mapping } from '../../contract/data.ts';
import { blanks } from '../reading/cells.ts';
import { parseNumber } from '../reading/numbers.ts';
import type { Sheet } from './sheet.ts';
import { toUnit } from './units.ts';

/** Units of the 21 sensors as the set's description names them ('-' where a quantity has none). Source: Saxena et al., PHM08, table 2. */
const sensorUnits = ['deg R', 'deg R', 'deg R', 'deg R', 'psia', 'psia', 'psia', 'rpm', 'rpm', '-', 'psia', 'pps/psi', 'rpm', 'rpm', '-', '-', '-', 'rpm', 'rpm', 'lbm/s', 'lbm/s'];

const cmapssColumns = 26;

/** Names of the 24 measured columns: setting1..setting3, s1..s21. */
const cmapssSensors = [...[1, 2, 3].map((n) => `setting${n}`), ...sensorUnits.map((_, i) => `s${i + 1}`)];

/** True for a C-MAPSS file: 26 numbers a line, no header, the first two whole: a unit and its cycle, counted up from 1. */
export const looksLikeCmapss = (sheet: Sheet): boolean => {
  const lines = sheet.lines.slice(0, 50);
  if (lines.length < 2 || sheet.delimiter !== blanks || lines.some((line) => line.cells.length !== cmapssColumns)) return false;
  if (!lines.every((line) => line.cells.every((cell) => !Number.isNaN(parseNumber(cell, '.'))) && /^\d+$/.test(line.cells[0] ?? '') && /^\d+$/.test(line.cells[1] ?? ''))) return false;
  return lines[0]?.cells[1] === '1' && (lines[1]?.cells[1] === '2' || lines[1]?.cells[1] === '1');
};

const column = (index: number, name: string, role: Column['role'], unit: string | null, why: string): Column => {
  const known = toUnit(unit);
  return { index, name, role, unit: known.unit, unitAsWritten: known.asWritten, why };
};

/** The mapping of the C-MAPSS layout. */
export const cmapssMapping = (encoding = 'utf-8'): Mapping => ({
  version: 1,
  layout: 'cmapss',
  dialect: { delimiter: blanks, decimal: '.', quote: null, encoding, headerLines: 0 },
  timestamp: { kind: 'cycle', format: 'cycle', zone: 'UTC' },
  columns: [
    column(0, 'unit', 'asset', null, 'the number of the engine'),
    column(1, 'cycle', 'cycle', null, "the engine's cycle, from 1"),
    ...cmapssSensors.map((name, i) => column(i + 2, name, 'value', sensorUnits[i - 3] ?? null, i < 3 ? 'an operational setting' : 'a sensor of the set')),
  ],
  asset: null,
  machineType: 'turbofan',
  axis: 'cycle',
  missingCodes: [],
});
