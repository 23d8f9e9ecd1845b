import { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import { Settings } from '../../contract/system.ts';
import type { Connection } from '../connection.ts';
import { command, json, query } from '../statement.ts';

/** The plant's settings: one document, a row a field. */
export interface SettingsRepository {
  /** What was set, and this machine's defaults for the rest. */
  get(): Settings;
  change(change: Partial<Settings>): Settings;
}

/** This machine's own, where nothing was set. */
export const defaultSettings = (): Settings => ({ zone: Intl.DateTimeFormat().resolvedOptions().timeZone, plantName: 'Plant', mode: 'none', language: 'system', theme: 'system' });

/** @param connection the plant's database */
export const createSettings = (connection: Connection): SettingsRepository => {
  const rows = query(connection, z.strictObject({ name: z.string(), value: json(z.unknown()) }), 'SELECT name, value FROM setting');
  const save = command(connection, 'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value');
  const get = (): Settings => {
    const parsed = Settings.safeParse({ ...defaultSettings(), ...Object.fromEntries(rows.all().map(({ name, value }) => [name, value])) });
    if (parsed.success) return parsed.data;
    throw new AppError('plant-damaged', `the plant's settings aren't what this version expects: ${z.prettifyError(parsed.error)}; restore a backup`, {}, parsed.error);
  };
  return {
    get,
    change: (change) => {
      for (const [name, value] of Object.entries(change)) if (value !== undefined) save(name, JSON.stringify(value));
      return get();
    },
  };
};
