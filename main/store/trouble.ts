import type Database from 'better-sqlite3';
import { AppError } from '../contract/errors.ts';
import { asAppError } from './sqlite-error.ts';

type Listener = (error: AppError) => void;

/** Who hears of what goes wrong with a connection's file, beside whoever met it. */
const listeners = new WeakMap<Database.Database, Listener>();

/** From now on `listener` hears of every trouble of this connection's file. */
export const hearTroubles = (connection: Database.Database, listener: Listener): void => {
  listeners.set(connection, listener);
};

/** Codes that say something of the disk or the file, not of what was asked. */
const OF_THE_FILE = new Set(['disk-full', 'plant-damaged', 'plant-locked', 'file-unreadable']);

/** What was thrown, as asAppError has it; what it says of the file is told on the way. @param doing what was under way */
export const troubleOf = (connection: Database.Database, thrown: unknown, doing: string): unknown => {
  const known = asAppError(thrown, doing);
  if (known instanceof AppError && OF_THE_FILE.has(known.code)) listeners.get(connection)?.(known);
  return known;
};
