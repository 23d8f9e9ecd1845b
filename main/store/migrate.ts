import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { inTransaction, type Connection } from './connection.ts';
import { asAppError } from './sqlite-error.ts';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text with LF line ends. */
  readonly sha256: string;
}

/** Beside main/ when run from the sources, beside the bundle's folder when built. */
const FOLDERS = ['../../migrations', '../migrations'];

const APPLIED = 'SELECT number, name, sha256 FROM migration ORDER BY number';
const Applied = z.array(z.strictObject({ number: z.int(), name: z.string(), sha256: z.string() }));

/** The folder of the shipped migrations. @throws AppError('internal') when it is nowhere */
export const migrationsFolder = (): string => {
  for (const folder of FOLDERS) {
    const path = fileURLToPath(new URL(folder, import.meta.url));
    if (existsSync(join(path, '0001_plant.sql'))) return path;
  }
  throw new AppError('internal', `the migrations folder is missing beside ${import.meta.dirname}; the installation is incomplete: set it up again`);
};

/**
 * The migrations that this version ships, in order: NNNN_name.sql, numbered from 0001 without a hole.
 * @throws AppError('internal') when the numbering has a hole
 */
export const readMigrations = (folder: string): Migration[] => {
  const files = readdirSync(folder).filter((file) => /^\d{4}_[a-z0-9_-]+\.sql$/.test(file)).sort();
  return files.map((file, index) => {
    const number = Number(file.slice(0, 4));
    if (number !== index + 1) throw new AppError('internal', `migration ${file} stands where number ${index + 1} was expected`, { file });
    const sql = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n');
    return { number, name: file.slice(5, -4), sql, sha256: createHash('sha256').update(sql).digest('hex') };
  });
};

/** What was applied to this file before, oldest first. @throws AppError('plant-damaged') when it is a database, but not a plant */
const readApplied = (connection: Connection): z.infer<typeof Applied> => {
  const tables = connection.prepare<[], unknown>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").pluck().all();
  if (tables.length > 0 && !tables.includes('migration')) {
    throw new AppError('plant-damaged', `${connection.name} is a SQLite file, but not a plant's: it has no table 'migration'; choose another folder`, { file: connection.name });
  }
  const applied = tables.length === 0 ? [] : appliedOf(connection);
  if (tables.length > 1 && applied.length === 0) throw new AppError('plant-damaged', `${connection.name} no longer says which version wrote it; restore a backup`, { file: connection.name });
  connection.exec('CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT');
  return applied;
};

/** @throws AppError('plant-damaged') when the rows aren't what was written */
const appliedOf = (connection: Connection): z.infer<typeof Applied> => {
  const parsed = Applied.safeParse(connection.prepare<[], unknown>(APPLIED).all());
  if (parsed.success) return parsed.data;
  throw new AppError('plant-damaged', `${connection.name} no longer says which version wrote it: ${z.prettifyError(parsed.error)}; restore a backup`, { file: connection.name }, parsed.error);
};

/** The migrations that a damaged file had; all, where it doesn't tell. */
export const migrationsIn = (connection: Connection, shipped: readonly Migration[]): readonly Migration[] => {
  try {
    const applied = appliedOf(connection);
    assertPrefix(applied, shipped, connection.name);
    return applied.length === 0 ? shipped : shipped.slice(0, applied.length);
  } catch (thrown) {
    // Damage is why this is asked.
    if (!['plant-damaged', 'plant-newer'].includes(AppError.of(asAppError(thrown, 'reading the migrations')).code)) throw thrown;
    return shipped;
  }
};

const assertPrefix = (applied: z.infer<typeof Applied>, shipped: readonly Migration[], file: string): void => {
  for (const [index, have] of applied.entries()) {
    const ours = shipped[index];
    if (ours !== undefined && have.number === ours.number && have.sha256 === ours.sha256) continue;
    throw new AppError(
      'plant-newer',
      `${file} was written by another, newer version: it has migration ${have.number} '${have.name}', this version knows ${ours === undefined ? `only ${shipped.length}` : `another one by that number`}; update Millwright to open it`,
      { file, migration: have.number, known: shipped.length },
    );
  }
};

/**
 * Whether this version can open the file as a plant's; applies nothing.
 * @throws AppError('plant-damaged') when it is no plant or an empty one; 'plant-newer'
 */
export const assertOpens = (connection: Connection, shipped: readonly Migration[]): void => {
  const applied = inTransaction(connection, `reading ${connection.name}`, () => readApplied(connection));
  if (applied.length === 0) throw new AppError('plant-damaged', `${connection.name} holds no plant`, { file: connection.name });
  assertPrefix(applied, shipped, connection.name);
};

/**
 * Whether a file that may only be read is of just this version.
 * @throws AppError('state-conflict') when an older version wrote it; 'plant-newer', 'plant-damaged'
 */
export const assertCurrent = (connection: Connection, shipped: readonly Migration[]): void => {
  const tables = connection.prepare<[], unknown>("SELECT count(*) FROM sqlite_schema WHERE name = 'migration'").pluck().get();
  if (tables !== 1) throw new AppError('plant-damaged', `${connection.name} holds no plant`, { file: connection.name });
  const applied = appliedOf(connection);
  assertPrefix(applied, shipped, connection.name);
  if (applied.length < shipped.length) throw new AppError('state-conflict', `${connection.name} was written by an older version; open that plant once with this one, then it can be read`, { file: connection.name });
};

/** A migration is tested on every version before it: where it fails all the same, the file isn't what it says. */
const run = (connection: Connection, sql: string): void => {
  try {
    connection.exec(sql);
  } catch (thrown) {
    const known = asAppError(thrown, 'bringing the plant to this version');
    if (known instanceof AppError) throw known;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('plant-damaged', `${connection.name} can't be brought to this version (${reason}); restore a backup`, { file: connection.name }, thrown);
  }
};

/**
 * Brings the file to this version, forward only, each migration in a transaction of its own.
 * @param now microseconds since 1970, kept beside each migration that is applied
 * @returns how many were applied
 * @throws AppError('plant-newer') when what was applied isn't a prefix of what is shipped; 'plant-damaged' when it is no plant
 */
export const migrate = (connection: Connection, shipped: readonly Migration[], now: number): number => {
  const applied = inTransaction(connection, 'reading the migrations', () => readApplied(connection));
  assertPrefix(applied, shipped, connection.name);
  const pending = shipped.slice(applied.length);
  for (const { number, name, sql, sha256 } of pending) {
    inTransaction(connection, `applying migration ${number} '${name}'`, () => {
      run(connection, sql);
      connection.prepare('INSERT INTO migration (number, name, sha256, applied_at) VALUES (?, ?, ?, ?)').run(number, name, sha256, now);
    });
  }
  return pending.length;
};
