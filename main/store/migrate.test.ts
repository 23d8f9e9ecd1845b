import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openConnection, type Connection } from './connection.ts';
import { migrate, migrationsFolder, readMigrations } from './migrate.ts';

let folder = '';
let connection: Connection | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millwright-migrate-'));
});
afterEach(() => {
  connection?.close();
  connection = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const open = (): Connection => {
  connection?.close();
  connection = openConnection(join(folder, 'plant.db'));
  return connection;
};

const tablesOf = (database: Connection): unknown[] => database.prepare<[], unknown>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").pluck().all();

const shipped = (files: Record<string, string>): ReturnType<typeof readMigrations> => {
  const at = join(folder, 'migrations');
  rmSync(at, { recursive: true, force: true });
  mkdirSync(at);
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(at, name), sql);
  return readMigrations(at);
};

test('each shipped migration applies to a file of the version before it, and to a fresh one all of them', () => {
  const all = readMigrations(migrationsFolder());
  expect(all.length).toBeGreaterThan(0);
  for (let version = 1; version <= all.length; version += 1) {
    expect(migrate(open(), all.slice(0, version), 1)).toBe(1);
  }
  expect(migrate(open(), all, 2)).toBe(0);
  const stepwise = tablesOf(open());
  rmSync(join(folder, 'plant.db'));
  expect(migrate(open(), all, 1)).toBe(all.length);
  expect(tablesOf(open())).toEqual(stepwise);
  expect(open().pragma('foreign_key_check')).toEqual([]);
});

test('a migration that fails half-way leaves nothing behind, and the ones before it stand', () => {
  const broken = shipped({ '0001_one.sql': 'CREATE TABLE one (a) STRICT;'.replace('(a)', '(a TEXT)'), '0002_two.sql': 'CREATE TABLE two (a TEXT) STRICT; INSERT INTO nowhere VALUES (1);' });
  expect(() => migrate(open(), broken, 1)).toThrow(/nowhere/);
  expect(tablesOf(open())).toEqual(['migration', 'one']);
  const mended = shipped({ '0001_one.sql': 'CREATE TABLE one (a TEXT) STRICT;', '0002_two.sql': 'CREATE TABLE two (a TEXT) STRICT;' });
  expect(migrate(open(), mended, 1)).toBe(1);
  expect(tablesOf(open())).toEqual(['migration', 'one', 'two']);
});

test('a file of a newer version is refused with its own error, and left alone', () => {
  const newer = shipped({ '0001_one.sql': 'CREATE TABLE one (a TEXT) STRICT;', '0002_two.sql': 'CREATE TABLE two (a TEXT) STRICT;' });
  migrate(open(), newer, 1);
  expect(() => migrate(open(), newer.slice(0, 1), 1)).toThrow(expect.objectContaining({ code: 'plant-newer', details: expect.objectContaining({ migration: 2, known: 1 }) }));
  expect(migrate(open(), newer, 1)).toBe(0);
});

test('a migration that was edited after it was applied is no prefix', () => {
  migrate(open(), shipped({ '0001_one.sql': 'CREATE TABLE one (a TEXT) STRICT;' }), 1);
  expect(() => migrate(open(), shipped({ '0001_one.sql': 'CREATE TABLE one (b TEXT) STRICT;' }), 1)).toThrow(expect.objectContaining({ code: 'plant-newer' }));
});

test('line ends don\'t make another migration', () => {
  migrate(open(), shipped({ '0001_one.sql': 'CREATE TABLE one (\na TEXT) STRICT;\n' }), 1);
  expect(migrate(open(), shipped({ '0001_one.sql': 'CREATE TABLE one (\r\na TEXT) STRICT;\r\n' }), 1)).toBe(0);
});

test('a hole in the numbers is found when they are read', () => {
  expect(() => shipped({ '0001_one.sql': '', '0003_three.sql': '' })).toThrow(/0003_three\.sql stands where number 2/);
});

test('another program\'s database is no plant', () => {
  open().exec('CREATE TABLE theirs (a)');
  expect(() => migrate(open(), [], 1)).toThrow(expect.objectContaining({ code: 'plant-damaged' }));
});

test('what is no database, and what can\'t be opened, has its own error', () => {
  writeFileSync(join(folder, 'plant.db'), 'time;value\n'.repeat(1000));
  expect(open).toThrow(expect.objectContaining({ code: 'plant-damaged' }));
  expect(() => openConnection(join(folder, 'plant.db', 'below-a-file', 'plant.db'))).toThrow(expect.objectContaining({ code: 'file-unreadable' }));
});
