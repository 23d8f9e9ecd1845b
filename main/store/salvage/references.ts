import { z } from 'zod';
import type { Connection } from '../connection.ts';
import { query } from '../statement.ts';
import { readable } from './rows.ts';

const Id = z.strictObject({ id: z.int() });
const Named = z.strictObject({ id: z.int(), asset: z.int(), name: z.string() });

/** A sensor whose row is lost may still stand in the index of the names. */
const namesOf = (from: Connection): Map<number, z.infer<typeof Named>> => {
  const found = readable(() => query(from, Named, 'SELECT rowid AS id, asset, name FROM sensor INDEXED BY sqlite_autoindex_sensor_1 WHERE asset > 0').all()) ?? [];
  return new Map(found.map((row) => [row.id, row]));
};

/** Readings without a sensor, and sensors without a machine, get one by a name that says so: readings are never thrown away for a lost name. */
const nameTheLost = (from: Connection, to: Connection, lost: string[]): void => {
  const names = namesOf(from);
  const orphans = query(to, Id, 'SELECT DISTINCT sensor AS id FROM chunk WHERE sensor NOT IN (SELECT id FROM sensor)').all();
  const machines = query(to, Id, 'SELECT DISTINCT asset AS id FROM sensor WHERE asset NOT IN (SELECT id FROM asset) UNION SELECT DISTINCT asset FROM tail WHERE asset NOT IN (SELECT id FROM asset)');
  const addMachine = to.prepare("INSERT INTO asset (id, parent, level, name, machine_type, axis) VALUES (?, NULL, 'machine', ?, 'unknown', 'time')");
  const addSensor = to.prepare("INSERT INTO sensor (id, asset, name, kind) VALUES (?, ?, ?, 'number')");
  if (orphans.some(({ id }) => !names.has(id))) {
    const ids = to.prepare<[], unknown>('SELECT ifnull(max(id), 0) + 1 FROM asset').pluck().get();
    for (const { id } of orphans) if (!names.has(id)) names.set(id, { id, asset: Number(ids), name: `sensor ${id} (its name is lost)` });
  }
  for (const { id } of orphans) {
    const { asset, name } = names.get(id) ?? { asset: 0, name: '' };
    addSensor.run(id, asset, name);
    lost.push(`what was known of sensor ${id} but its readings${name === '' ? '' : `: it is '${name}' now`}`);
  }
  for (const { id } of machines.all()) {
    addMachine.run(id, `machine ${id} (its name is lost)`);
    lost.push(`what was known of machine ${id} but its sensors`);
  }
};

const Violation = z.strictObject({ table: z.string(), rowid: z.int().nullable(), parent: z.string(), fkid: z.int() });

/** Rows that refer to what is lost: the reference is taken out where it may be empty, else the row goes with it. */
const dropDangling = (to: Connection, lost: string[]): void => {
  // What goes may have been referred to itself: so often as references are deep.
  for (let round = 0; round < 8; round += 1) {
    const violations = query(to, Violation, 'SELECT "table", rowid, parent, fkid FROM pragma_foreign_key_check').all();
    if (violations.length === 0) return;
    for (const table of new Set(violations.map((row) => row.table))) {
      const keys = to.prepare<[], { id: number; table: string; from: string }>(`PRAGMA foreign_key_list("${table}")`).all();
      for (const { from: column, table: parent } of keys) {
        const dangling = `"${column}" IS NOT NULL AND "${column}" NOT IN (SELECT ${parentKey(to, parent)} FROM "${parent}")`;
        const mayBeEmpty = to.prepare<[string], unknown>(`SELECT "notnull" = 0 AND pk = 0 FROM pragma_table_info('${table}') WHERE name = ?`).pluck().get(column) === 1;
        const { changes } = to.prepare(mayBeEmpty ? `UPDATE "${table}" SET "${column}" = NULL WHERE ${dangling}` : `DELETE FROM "${table}" WHERE ${dangling}`).run();
        if (changes > 0) lost.push(mayBeEmpty ? `what ${changes} rows of '${table}' belonged to` : `${changes} rows of '${table}' that belonged to what is lost`);
      }
    }
  }
};

const parentKey = (to: Connection, table: string): string => String(to.prepare<[], unknown>(`SELECT name FROM pragma_table_info('${table}') WHERE pk = 1`).pluck().get());

/** Makes the references of a rebuilt database whole. */
export const mendReferences = (from: Connection, to: Connection, lost: string[]): void => {
  to.transaction(() => {
    nameTheLost(from, to, lost);
    to.exec('DELETE FROM grid WHERE NOT EXISTS (SELECT 1 FROM chunk WHERE chunk.grid = grid.id)');
    dropDangling(to, lost);
  })();
};
