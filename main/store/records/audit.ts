import { z } from 'zod';
import { Micros } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, json, query } from '../statement.ts';

const AuditEntry = z.strictObject({ id: z.int(), at: Micros, actor: z.string(), act: z.string(), subject: z.string(), details: json(z.unknown()) });
export type AuditEntry = z.infer<typeof AuditEntry>;

export interface AuditToAppend {
  /** Who: 'operator', 'cli', 'schedule', ... */
  readonly actor: string;
  /** The call's area and verb: 'alarms.acknowledge'. */
  readonly act: string;
  readonly subject: string;
  /** JSON. */
  readonly details: unknown;
}

/** The audit trail: written by every command, changed by none. */
export interface AuditRepository {
  append(entry: AuditToAppend): void;
  /** Newest first. @param before only entries with a smaller id */
  list(limit?: number, before?: number | null): AuditEntry[];
}

/** @param connection the plant's database. @param now microseconds since 1970 */
export const createAudit = (connection: Connection, now: () => Micros): AuditRepository => {
  const insert = command(connection, 'INSERT INTO audit (at, actor, act, subject, details) VALUES (?, ?, ?, ?, ?)');
  const list = query(connection, AuditEntry, 'SELECT id, at, actor, act, subject, details FROM audit WHERE @before IS NULL OR id < @before ORDER BY id DESC LIMIT @limit');
  return {
    append: ({ actor, act, subject, details }) => {
      insert(now(), actor, act, subject, JSON.stringify(details ?? null));
    },
    list: (limit = 200, before = null) => list.all({ before, limit }),
  };
};
