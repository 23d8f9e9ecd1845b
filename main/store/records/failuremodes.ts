import { z } from 'zod';
import { FailureMode } from '../../contract/labels.ts';
import type { Connection } from '../connection.ts';
import { command, flag, query } from '../statement.ts';

/** The plant's list of failure modes, in the order of its people. */
export interface FailureModeRepository {
  /** Empty where the plant keeps to the list that Millwright ships. */
  list(): FailureMode[];
  /** Puts these in the place of all; to be called inside a transaction. */
  replace(modes: readonly FailureMode[]): void;
}

/** @param connection the plant's database */
export const createFailureModes = (connection: Connection): FailureModeRepository => {
  const list = query(connection, z.strictObject({ ...FailureMode.shape, isInUse: flag }), 'SELECT code, en, zh, origin, in_use AS isInUse FROM failure_mode ORDER BY place');
  const clear = command(connection, 'DELETE FROM failure_mode');
  const insert = command(connection, 'INSERT INTO failure_mode (code, place, en, zh, origin, in_use) VALUES (?, ?, ?, ?, ?, ?)');
  return {
    list: () => list.all(),
    replace: (modes) => {
      clear();
      for (const [place, { code, en, zh, origin, isInUse }] of modes.entries()) insert(code, place, en, zh, origin, isInUse ? 1 : 0);
    },
  };
};
