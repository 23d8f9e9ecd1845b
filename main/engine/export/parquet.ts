import type { FileHandle } from 'node:fs/promises';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Table } from './tables.ts';

/** Cells of a row group: what is held in memory at once (4 MiB of numbers). */
const CELLS_A_GROUP = 500_000;
const ROWS_A_GROUP = 65_536;
/** Rows between two turns of the process's other work. */
const ROWS_A_TURN = 8192;

interface Column {
  readonly name: string;
  readonly data: (string | number | bigint | null)[];
}

type Schema = ConstructorParameters<typeof ParquetWriter>[0]['schema'];

const text = (name: string, isThere: boolean): Schema[number] => ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: isThere ? 'REQUIRED' : 'OPTIONAL' });
const number = (name: string, isThere: boolean): Schema[number] => ({ name, type: 'DOUBLE', repetition_type: isThere ? 'REQUIRED' : 'OPTIONAL' });

/** An instant is one, whatever the zone; cycles are numbers. */
const placeOf = ({ axis }: Table): Schema[number] => (axis === 'time' ? { name: 'time', type: 'INT64', converted_type: 'TIMESTAMP_MICROS', repetition_type: 'REQUIRED' } : number('cycle', true));

/** A name a column: of two that are called the same, the second has its unit, and then its number. */
const uniqueNames = (table: Table): string[] => {
  const taken = new Set(['asset', 'time', 'cycle']);
  return table.columns.map(({ name, unit }, i) => {
    const wanted = unit === null ? name : `${name} [${unit}]`;
    const free = taken.has(wanted) ? `${wanted} (${i + 1})` : wanted;
    taken.add(free);
    return free;
  });
};

const schemaOf = (table: Table): Schema => {
  const columns = table.layout === 'long' ? [text('asset', true), text('sensor', true), text('unit', false), placeOf(table), number('value', true)] : [text('asset', true), placeOf(table), ...uniqueNames(table).map((name) => number(name, false))];
  return [{ name: 'root', num_children: columns.length }, ...columns];
};

/** Writes a table as Parquet, a row group at a time: what is in memory doesn't grow with the table. @returns rows written */
export const writeParquet = async (out: FileHandle, table: Table, turn: (rows: number) => Promise<void>): Promise<number> => {
  const schema = schemaOf(table);
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema });
  const columns: Column[] = schema.slice(1).map(({ name }) => ({ name, data: [] }));
  const rowsAGroup = Math.max(1024, Math.min(ROWS_A_GROUP, Math.floor(CELLS_A_GROUP / columns.length)));
  let rows = 0;
  const put = async (): Promise<void> => {
    await out.write(bytes.getBytes());
    bytes.index = 0;
  };
  const flush = async (): Promise<void> => {
    if ((columns[0]?.data.length ?? 0) === 0) return;
    await writer.write({ columnData: columns, rowGroupSize: rowsAGroup });
    for (const { data } of columns) data.length = 0;
    await put();
    await turn(rows);
  };
  for (const { sensor, position, values } of table.rows()) {
    const place = table.axis === 'time' ? BigInt(Math.round(position)) : position;
    const lead = table.layout === 'long' ? [sensor.asset, sensor.name, sensor.unit, place] : [sensor.asset, place];
    for (const [i, cell] of lead.entries()) columns[i]?.data.push(cell);
    for (let i = 0; i < values.length; i += 1) {
      const v = values[i] ?? NaN;
      columns[lead.length + i]?.data.push(v === v ? v : null);
    }
    rows += 1;
    if (rows % ROWS_A_TURN === 0) await turn(rows);
    if (rows % rowsAGroup === 0) await flush();
  }
  await flush();
  await writer.finish();
  await put();
  return rows;
};
