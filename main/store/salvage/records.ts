import type { Connection } from '../connection.ts';
import { readable, rowsByKey, rowsByNumber, type Row } from './rows.ts';

/** Tables that are filled with the readings, and those that are derived from others. */
const OWN_WAY = new Set(['migration', 'chunk', 'grid', 'rollup', 'thinned', 'tail', 'series', 'sealed', 'tailed', 'backup_file', 'backup_part']);

const namesOf = (connection: Connection, table: string): { all: string[]; key: string[] } => {
  const rows = connection.prepare<[], Row>(`PRAGMA table_info("${table}")`).all();
  const key = rows.filter((row) => Number(row['pk']) > 0).sort((a, b) => Number(a['pk']) - Number(b['pk']));
  return { all: rows.map((row) => String(row['name'])), key: key.map((row) => String(row['name'])) };
};

const hasNumbers = (connection: Connection, table: string): boolean =>
  connection.prepare<[string], unknown>('SELECT wr FROM pragma_table_list WHERE schema = \'main\' AND name = ?').pluck().get(table) === 0;

export interface Salvaged {
  rows: number;
  readings: number;
  readonly lost: string[];
}

/**
 * Copies the records that can be read, table by table; a row that doesn't fit any more (a value that isn't what its column takes) is lost.
 * @param from the damaged database. @param to an empty one of the same version, without checks of references
 */
export function* copyRecords(from: Connection, to: Connection, salvaged: Salvaged): Generator<void, void, void> {
  const tables = to.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").pluck().all();
  for (const table of tables) {
    if (OWN_WAY.has(table)) continue;
    copyTable(from, to, table, salvaged);
    yield;
  }
}

const copyTable = (from: Connection, to: Connection, table: string, salvaged: Salvaged): void => {
  const { all, key } = namesOf(to, table);
  const insert = to.prepare(`INSERT OR IGNORE INTO "${table}" (${all.map((name) => `"${name}"`).join(', ')}) VALUES (${all.map(() => '?').join(', ')})`);
  const rows = hasNumbers(to, table) ? rowsByNumber(from, table, all) : rowsByKey(from, table, all, key);
  let saved = 0;
  let unfit = 0;
  to.transaction(() => {
    for (const row of rows) {
      if (put(insert, all.map((name) => row[name]))) saved += 1;
      else unfit += 1;
    }
  })();
  salvaged.rows += saved;
  const expected = readable(() => from.prepare<[], unknown>(`SELECT count(*) FROM "${table}"`).pluck().get());
  const missing = typeof expected === 'number' ? Math.max(expected - saved, unfit) : unfit;
  if (missing > 0) salvaged.lost.push(`${missing} rows of '${table}'`);
  else if (expected === undefined) salvaged.lost.push(`some rows of '${table}': ${saved} could be read`);
};

/** Whether a row could be put in. */
const put = (insert: { run(...values: unknown[]): { changes: number } }, values: unknown[]): boolean => {
  try {
    return insert.run(...values).changes === 1;
  } catch {
    // A constraint says that this row isn't what was written; it is counted as lost.
    return false;
  }
};
