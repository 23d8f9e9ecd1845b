import { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import type { Connection } from '../connection.ts';
import { command, json, query } from '../statement.ts';

/** Documents of the plant's own upkeep, by name. */
export interface UpkeepRepository {
  /** Null where there is none. @throws AppError('plant-damaged') when it isn't what the schema says */
  get<S extends z.ZodType>(name: UpkeepName, schema: S): z.output<S> | null;
  set(name: UpkeepName, document: unknown): void;
}

/** retention: the rules. applied: what applying them last did. backup: when a backup was last made by itself. */
export type UpkeepName = 'retention' | 'applied' | 'backup';

/** @param connection the plant's database */
export const createUpkeep = (connection: Connection): UpkeepRepository => {
  const value = query(connection, z.strictObject({ value: json(z.unknown()) }), 'SELECT value FROM upkeep WHERE name = ?');
  const set = command(connection, 'INSERT INTO upkeep (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value');
  return {
    get: (name, schema) => {
      const row = value.one(name);
      if (row === undefined) return null;
      const parsed = schema.safeParse(row.value);
      if (parsed.success) return parsed.data;
      throw new AppError('plant-damaged', `what is kept of the plant's ${name} isn't what this version expects: ${z.prettifyError(parsed.error)}; restore a backup`, { name }, parsed.error);
    },
    set: (name, document) => {
      set(name, JSON.stringify(document));
    },
  };
};
