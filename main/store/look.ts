import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import type { Connection } from './connection.ts';
import { decodeBatch } from './series/codec/batch.ts';
import { decodePositions } from './series/codec/positions.ts';
import { decodeRollup } from './series/codec/rollup.ts';
import { decodeValues } from './series/codec/values.ts';
import { asAppError } from './sqlite-error.ts';
import { query } from './statement.ts';

/** How far a look has come. */
export interface LookStep {
  readonly done: number;
  readonly total: number;
}

/** quick: the small tables, what is counted, tails and the newest chunks: seconds at the most. whole: every page, every checksum. */
export type LookExtent = 'quick' | 'whole';

/** Tables of bodies: too large to be looked at in one go, and each body has its own checksum. */
const BODIES = ['chunk', 'grid', 'rollup', 'tail', 'thinned', 'backup_part'];
/** Bodies a step: a few milliseconds. */
const BODIES_A_STEP = 128;
/** Newest chunks that a quick look reads. */
const NEWEST = 2000;

const Names = z.strictObject({ name: z.string() });
const Body = z.strictObject({ id: z.int(), rows: z.int(), count: z.int(), body: z.instanceof(Uint8Array) });
type Body = z.infer<typeof Body>;

/** Whoever has it done, runs it to the end: between two steps other work can be done. Problems are added to the list, a sentence each. */
export function* lookThrough(connection: Connection, extent: LookExtent, problems: string[]): Generator<LookStep, void, void> {
  const look = (what: string, work: () => void): void => {
    try {
      work();
    } catch (thrown) {
      // Damage is what is looked for: it is the answer, not an error.
      const error = asAppError(thrown, `looking at ${what}`);
      if (!(error instanceof AppError) || (error.code !== 'plant-damaged' && error.code !== 'plant-newer')) throw error;
      problems.push(`database file: ${error.message}`);
    }
  };
  let tables: string[] = [];
  look('the schema', () => {
    tables = query(connection, Names, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").all().map(({ name }) => name);
  });
  const bodies = BODIES.filter((name) => tables.includes(name));
  const small = tables.filter((name) => !BODIES.includes(name));
  const totals = new Map<string, number>();
  const total = (): number => small.length + [...totals.values()].reduce((sum, n) => sum + n, 0) + 1;
  let done = 0;
  for (const name of small) {
    look(name, () => problems.push(...pragmaProblems(connection, name)));
    done += 1;
    yield { done, total: total() };
  }
  look('what is counted', () => problems.push(...countProblems(connection, tables)));
  done += 1;
  for (const name of bodies) {
    for (const step of bodySteps(connection, name, extent)) {
      totals.set(name, step.total);
      look(name, () => problems.push(...step.read()));
      done += step.bodies;
      yield { done, total: Math.max(total(), done) };
    }
  }
}

const pragmaProblems = (connection: Connection, table: string): string[] =>
  connection.prepare<[], unknown>(`PRAGMA integrity_check('${table}')`).pluck().all().map(String).filter((line) => line !== 'ok').map((line) => `database file: ${table}: ${line}`);

/** What triggers count, beside what is there. */
const countProblems = (connection: Connection, tables: readonly string[]): string[] => {
  if (!tables.includes('sealed')) return [];
  const count = (sql: string): number => Number(connection.prepare<[], unknown>(sql).pluck().get());
  const chunks = count(`SELECT count(*) FROM sealed LEFT JOIN (SELECT sensor, count(*) AS chunks, sum(count) AS readings FROM chunk INDEXED BY chunk_place GROUP BY sensor) AS there
    ON there.sensor = sealed.sensor WHERE sealed.chunks <> ifnull(there.chunks, 0) OR sealed.readings <> ifnull(there.readings, 0)`);
  const tails = count(`SELECT count(*) FROM tailed LEFT JOIN (SELECT asset, count(*) AS batches FROM tail INDEXED BY tail_asset GROUP BY asset) AS there
    ON there.asset = tailed.asset WHERE tailed.batches <> ifnull(there.batches, 0)`);
  return [
    ...(chunks === 0 ? [] : [`${chunks} sensors haven't the sealed readings that were counted`]),
    ...(tails === 0 ? [] : [`${tails} machines haven't the newest readings that were counted`]),
  ];
};

interface BodyStep {
  readonly total: number;
  readonly bodies: number;
  /** Reads the bodies. @returns what is wrong with them */
  read(): string[];
}

const SELECTS: Readonly<Record<string, string>> = {
  chunk: 'SELECT id, rows, count, body FROM chunk',
  grid: 'SELECT id, rows, 0 AS count, body FROM grid',
  rollup: 'SELECT chunk AS id, 0 AS rows, 0 AS count, body FROM rollup',
  tail: 'SELECT id, rows, 0 AS count, body FROM tail',
  thinned: 'SELECT chunk AS id, 0 AS rows, 0 AS count, low AS body FROM thinned',
  backup_part: 'SELECT id, 0 AS rows, 0 AS count, body FROM backup_part',
};

const readingsIn = (values: Float64Array): number => values.reduce((sum, v) => sum + (v === v ? 1 : 0), 0);

/** Throws 'plant-damaged' for a body whose checksum is wrong. @returns what else is wrong with it */
const bodyProblem = (table: string, { id, rows, count, body }: Body): string | null => {
  const where = (): string => `${table} ${id}`;
  if (table === 'chunk') {
    const values = decodeValues(body, where);
    return values.length === rows && readingsIn(values) === count ? null : `${where()} holds ${values.length} rows and ${readingsIn(values)} readings, ${rows} and ${count} are noted`;
  }
  if (table === 'grid') return decodePositions(body, where).length === rows ? null : `${where()} hasn't the rows that are noted`;
  if (table === 'tail') return decodeBatch(body, where).positions.length === rows ? null : `${where()} hasn't the rows that are noted`;
  if (table === 'rollup') decodeRollup(body, where);
  if (table === 'thinned') decodeValues(body, where);
  return null;
};

/** The bodies of a table, some at a time. Roll-ups have no number of their own: they go sensor by sensor. */
function* bodySteps(connection: Connection, table: string, extent: LookExtent): Generator<BodyStep, void, void> {
  const count = (): number => Number(connection.prepare<[], unknown>(`SELECT count(*) FROM ${table}`).pluck().get());
  const key = table === 'rollup' ? 'chunk' : table === 'thinned' ? 'chunk' : 'id';
  if (extent === 'quick' && (table === 'rollup' || table === 'grid' || table === 'thinned' || table === 'backup_part')) return;
  let after = 0;
  let total = 0;
  yield {
    total: 0,
    bodies: 0,
    read: () => {
      total = extent === 'quick' && table === 'chunk' ? Math.min(NEWEST, count()) : count();
      const last = connection.prepare<[], unknown>(`SELECT max(${key}) FROM ${table}`).pluck().get();
      if (extent === 'quick' && table === 'chunk') after = Math.max(0, Number(last ?? 0) - NEWEST);
      return [];
    },
  };
  const page = query(connection, Body, `${SELECTS[table] ?? ''} WHERE ${key} > ? ORDER BY ${key} LIMIT ${BODIES_A_STEP}`);
  for (let found = BODIES_A_STEP; found === BODIES_A_STEP; ) {
    found = 0;
    yield {
      total,
      bodies: BODIES_A_STEP,
      read: () => {
        const rows = page.all(after);
        found = rows.length;
        after = rows.at(-1)?.id ?? after;
        return rows.flatMap((row) => {
          const problem = tried(() => bodyProblem(table, row));
          return problem === null ? [] : [problem];
        });
      },
    };
  }
}

const tried = (work: () => string | null): string | null => {
  try {
    return work();
  } catch (thrown) {
    // One body's damage is told, and the next ones are looked at.
    const error = AppError.of(thrown);
    if (error.code === 'plant-damaged' || error.code === 'plant-newer') return error.message;
    throw error;
  }
};
