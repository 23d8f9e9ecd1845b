import { z } from 'zod';
import { QuarantinedRow } from '../../contract/data.ts';
import type { Micros } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, query } from '../statement.ts';

export interface RowToQuarantine {
  /** Id of the source file that it came from, where there is one. */
  readonly sourceFile: number | null;
  readonly file: string;
  readonly line: number;
  /** Code of the reason: time-unreadable, row-too-short, ... */
  readonly reason: string;
  /** The row's bytes as they stood in the file. */
  readonly original: Uint8Array;
  readonly at: Micros;
}

/** Rows that were refused, with their reason and their original bytes. */
export interface QuarantineRepository {
  add(rows: readonly RowToQuarantine[]): void;
  /** Newest first. @param before only rows with a smaller id */
  page(limit: number, before?: number | null): { total: number; rows: QuarantinedRow[] };
}

/** Bytes as text that hides nothing: valid UTF-8 as such, every other byte as \xNN. */
export const bytesAsText = (bytes: Uint8Array): string => {
  let text = '';
  let at = 0;
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  while (at < bytes.length) {
    const size = sequenceLength(bytes[at] ?? 0);
    try {
      text += decoder.decode(bytes.subarray(at, at + size));
      at += size;
    } catch {
      // Only this byte is known to be wrong; the next may begin a good character.
      text += `\\x${(bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0')}`;
      at += 1;
    }
  }
  return text;
};

const sequenceLength = (lead: number): number => {
  if (lead < 0xc0) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
};

/** @param connection the plant's database */
export const createQuarantine = (connection: Connection): QuarantineRepository => {
  const Row = QuarantinedRow.extend({ original: z.instanceof(Uint8Array).transform(bytesAsText) });
  const insert = command(connection, 'INSERT INTO quarantine (source_file, file, line, reason, original, at) VALUES (?, ?, ?, ?, ?, ?)');
  const page = query(connection, Row, 'SELECT id, file, line, reason, original, at FROM quarantine WHERE @before IS NULL OR id < @before ORDER BY id DESC LIMIT @limit');
  const total = query(connection, z.strictObject({ total: z.int() }), 'SELECT count(*) AS total FROM quarantine');
  return {
    add: (rows) => {
      for (const { sourceFile, file, line, reason, original, at } of rows) insert(sourceFile, file, line, reason, original, at);
    },
    page: (limit, before = null) => ({ total: total.one()?.total ?? 0, rows: page.all({ before, limit }) }),
  };
};
