import { Mapping, Profile } from '../../contract/data.ts';
import type { Micros } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, json, query } from '../statement.ts';

const Row = Profile.extend({ mapping: json(Mapping) });

/** Mappings kept under a name, to read the next file of the same kind alike. */
export interface ProfileRepository {
  list(): Profile[];
  get(name: string): Profile | undefined;
  save(name: string, mapping: Mapping): Profile;
  /** @returns whether there was one of that name */
  remove(name: string): boolean;
}

/** @param connection the plant's database. @param now microseconds since 1970 */
export const createProfiles = (connection: Connection, now: () => Micros): ProfileRepository => {
  const list = query(connection, Row, 'SELECT name, mapping, created_at AS createdAt FROM profile ORDER BY name');
  const byName = query(connection, Row, 'SELECT name, mapping, created_at AS createdAt FROM profile WHERE name = ?');
  const save = command(connection, 'INSERT INTO profile (name, mapping, created_at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET mapping = excluded.mapping');
  const remove = command(connection, 'DELETE FROM profile WHERE name = ?');
  return {
    list: () => list.all(),
    get: (name) => byName.one(name),
    save: (name, mapping) => {
      const createdAt = now();
      save(name, JSON.stringify(mapping), createdAt);
      return byName.one(name) ?? { name, mapping, createdAt };
    },
    remove: (name) => remove(name).changes > 0,
  };
};
