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

/** Tells what was found wrong with the file, and gives it back to be thrown. */
export const tellTrouble = (connection: Database.Database, error: AppError): AppError => {
  if (OF_THE_FILE.has(error.code)) listeners.get(connection)?.(error);
  return error;
};

/** What was thrown, as asAppError has it; what SQLite says of the file is told on the way. @param doing what was under way */
export const troubleOf = (connection: Database.Database, thrown: unknown, doing: string): unknown => {
  const known = asAppError(thrown, doing);
  // An AppError that only passes by was told where it was met, or says nothing of the file.
  return known !== thrown && known instanceof AppError ? tellTrouble(connection, known) : known;
};
