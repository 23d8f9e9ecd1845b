import { pino } from 'pino';

export type LogFields = Readonly<Record<string, unknown>>;

/** What parts write to: a sentence and its fields. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** A folder that can't be written to must not keep the engine from saying so: its lines go to standard error then. */
const destinationOf = (file: string | null): ReturnType<typeof pino.destination> => {
  try {
    return pino.destination({ dest: file ?? 2, mkdir: true, sync: true });
  } catch {
    // What is wrong with the folder is told by the state of the storage.
    return pino.destination({ dest: 2, sync: true });
  }
};

/** A log into `file` (one JSON document a line), or to standard error when there is none. */
export const createLog = (file: string | null, level: 'info' | 'warn' | 'silent' = 'info'): Log => {
  const target = destinationOf(file);
  // A full disk takes no lines: they are lost, and the plant goes on.
  target.on('error', () => undefined);
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, target);
  return {
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
  };
};

/** Swallows everything: for tests whose subject is not the log. */
export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
