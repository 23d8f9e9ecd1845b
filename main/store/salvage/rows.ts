import type { Connection } from '../connection.ts';
import { asAppError } from '../sqlite-error.ts';
import { AppError } from '../../contract/errors.ts';

/** A row as it lies in the file, whatever it holds. */
export type Row = Readonly<Record<string, unknown>>;

/** Whether what was thrown says that the file is damaged; anything else is thrown on. */
export const isDamage = (thrown: unknown): boolean => {
  const error = asAppError(thrown, 'reading what can still be read');
  if (error instanceof AppError && error.code === 'plant-damaged') return true;
  throw thrown;
};

/** What `work` gives, or undefined where the file is damaged. */
export const readable = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch (thrown) {
    isDamage(thrown);
    return undefined;
  }
};

/** Rows read at a time. */
const PAGE = 200;
/** So far behind the last readable row every number is tried; pages hold fewer rows than that. */
const STEPS_BY_ONE = 256;
/** A hole wider than so many numbers without a readable row ends the search behind it. */
const WIDEST_HOLE = 2 ** 40;

const isRow = (row: unknown): row is Row => typeof row === 'object' && row !== null;
const numberOf = (row: Row): number => Number(row['rowid_']);

/**
 * Every row of a table with row numbers that can still be read, in their order. Where a page is damaged, the rows of that page alone are
 * passed over: behind it, readable rows are looked for by their number, at first one by one.
 * @param columns what is read of each
 */
export function* rowsByNumber(connection: Connection, table: string, columns: readonly string[]): Generator<Row, void, void> {
  const names = columns.map((name) => `"${name}"`).join(', ');
  const page = readable(() => connection.prepare<[number], unknown>(`SELECT rowid AS rowid_, ${names} FROM "${table}" NOT INDEXED WHERE rowid > ? ORDER BY rowid LIMIT ${PAGE}`));
  const one = readable(() => connection.prepare<[number], unknown>(`SELECT rowid AS rowid_, ${names} FROM "${table}" NOT INDEXED WHERE rowid > ? ORDER BY rowid LIMIT 1`));
  if (page === undefined || one === undefined) return;
  const last = highestNumber(connection, table);
  let after = 0;
  for (;;) {
    const rows = readable(() => rising(page.all(after), after));
    const end = rows?.at(-1);
    if (rows !== undefined) {
      yield* rows;
      if (end === undefined) return;
      after = numberOf(end);
      continue;
    }
    // Somewhere in this page there is damage: row by row up to it, then over it.
    const row = firstBehind(one, after);
    if (row === null) return;
    if (row !== undefined) {
      yield row;
      after = numberOf(row);
      continue;
    }
    const next = behindHole(one, after, last);
    if (next === null) return;
    after = next;
  }
}

/** @throws AppError('plant-damaged') when the numbers don't rise: a page of zeros can look like one of rows */
const rising = (found: readonly unknown[], after: number): Row[] => {
  const rows = found.filter(isRow);
  let before = after;
  for (const row of rows) {
    if (!(numberOf(row) > before)) throw new AppError('plant-damaged', 'the rows of a page stand in no order');
    before = numberOf(row);
  }
  return rows;
};

/** The first row behind a number; null: there is none; undefined: that can't be read. */
const firstBehind = (one: { get(after: number): unknown }, after: number): Row | null | undefined => {
  const rows = readable(() => {
    const row = one.get(after);
    return row === undefined ? [] : rising([row], after);
  });
  return rows === undefined ? undefined : (rows[0] ?? null);
};

/** The highest row number, or as far as it makes sense to look. */
const highestNumber = (connection: Connection, table: string): number => {
  const found = readable(() => connection.prepare<[], unknown>(`SELECT max(rowid) FROM "${table}" NOT INDEXED`).pluck().get());
  return typeof found === 'number' ? found : WIDEST_HOLE;
};

/** The number before the first readable row behind a damaged page. @returns null when there is none */
const behindHole = (one: { get(after: number): unknown }, from: number, last: number): number | null => {
  const reads = (after: number): boolean => firstBehind(one, after) !== undefined;
  let step = 1;
  let [bad, good] = [from, from + step];
  while (!reads(good)) {
    if (good > last) return null;
    bad = good;
    if (good - from >= STEPS_BY_ONE) step *= 2;
    good += step;
  }
  // The first number from which reading goes on: a hole has one edge as long as it is one page; of several, the nearest that was jumped to.
  while (good - bad > 1) {
    const middle = Math.floor((bad + good) / 2);
    if (reads(middle)) good = middle;
    else bad = middle;
  }
  return good;
};

/** Rows of a table without row numbers: from its beginning up to the damage, then from its end back to it. */
export function* rowsByKey(connection: Connection, table: string, columns: readonly string[], key: readonly string[]): Generator<Row, void, void> {
  const names = columns.map((name) => `"${name}"`).join(', ');
  const order = (direction: string): string => key.map((name) => `"${name}" ${direction}`).join(', ');
  const forward = readable(() => connection.prepare<[], unknown>(`SELECT ${names} FROM "${table}" ORDER BY ${order('')}`));
  if (forward === undefined) return;
  const seen = new Set<string>();
  const keyOf = (row: Row): string => JSON.stringify(key.map((name) => row[name]));
  let isWhole = false;
  for (const row of until(forward, () => (isWhole = true))) {
    seen.add(keyOf(row));
    yield row;
  }
  if (isWhole) return;
  const backward = connection.prepare<[], unknown>(`SELECT ${names} FROM "${table}" ORDER BY ${order('DESC')}`);
  for (const row of until(backward, () => undefined)) if (!seen.has(keyOf(row))) yield row;
}

/** The rows of a statement up to the first damaged page. */
function* until(statement: { iterate(): IterableIterator<unknown> }, whole: () => void): Generator<Row, void, void> {
  const rows = readable(() => statement.iterate());
  if (rows === undefined) return;
  for (;;) {
    const next = readable(() => rows.next());
    if (next === undefined) return;
    if (next.done === true) {
      whole();
      return;
    }
    if (isRow(next.value)) yield next.value;
  }
}
