import { z } from 'zod';
import { Mapping } from '../../contract/data.ts';
import { Micros } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, json, query } from '../statement.ts';

const Profile = z.strictObject({ name: z.string(), mapping: json(Mapping), createdAt: Micros });
export type Profile = z.infer<typeof Profile>;

/** Mappings kept under a name, to read the next file of the same kind alike. */
export interface ProfileRepository {
  list(): Profile[];
  get(name: string): Profile | undefined;
  save(name: string, mapping: Mapping): Profile;
}

/** @param connection the plant's database. @param now microseconds since 1970 */
export const createProfiles = (connection: Connection, now: () => Micros): ProfileRepository => {
  const list = query(connection, Profile, 'SELECT name, mapping, created_at AS createdAt FROM profile ORDER BY name');
  const byName = query(connection, Profile, 'SELECT name, mapping, created_at AS createdAt FROM profile WHERE name = ?');
  const save = command(connection, 'INSERT INTO profile (name, mapping, created_at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET mapping = excluded.mapping');
  return {
    list: () => list.all(),
    get: (name) => byName.one(name),
    save: (name, mapping) => {
      const createdAt = now();
      save(name, JSON.stringify(mapping), createdAt);
      return byName.one(name) ?? { name, mapping, createdAt };
    },
  };
};
