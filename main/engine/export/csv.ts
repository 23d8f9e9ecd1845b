import type { FileHandle } from 'node:fs/promises';
import type { Table } from './tables.ts';
import { timeWriter } from './times.ts';

/** Characters written at once. */
const PIECE = 1 << 18;

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) || cell !== cell.trim() ? `"${cell.replaceAll('"', '""')}"` : cell);

const headOf = ({ layout, columns, axis }: Table): string => {
  const place = axis === 'time' ? 'time' : 'cycle';
  const cells = layout === 'long' ? ['asset', 'sensor', 'unit', place, 'value'] : ['asset', place, ...columns.map(({ name, unit }) => (unit === null ? name : `${name} [${unit}]`))];
  return `${cells.map(quoted).join(',')}\n`;
};

/** Writes a table as CSV (RFC 4180, UTF-8), a piece at a time. @returns rows written */
export const writeCsv = async (out: FileHandle, table: Table, turn: (rows: number) => Promise<void>): Promise<number> => {
  const timeOf = timeWriter(table.zone);
  const positionOf = table.axis === 'time' ? timeOf : String;
  let piece = headOf(table);
  let rows = 0;
  for (const { sensor, position, values } of table.rows()) {
    piece += quoted(sensor.asset);
    if (table.layout === 'long') piece += `,${quoted(sensor.name)},${quoted(sensor.unit ?? '')}`;
    piece += `,${positionOf(position)}`;
    for (let i = 0; i < values.length; i += 1) {
      const v = values[i] ?? NaN;
      piece += v === v ? `,${Object.is(v, -0) ? '-0' : v}` : ',';
    }
    piece += '\n';
    rows += 1;
    if (piece.length < PIECE) continue;
    await out.write(piece);
    piece = '';
    await turn(rows);
  }
  await out.write(piece);
  return rows;
};
