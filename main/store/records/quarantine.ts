import { z } from 'zod';
import { Mapping, QuarantineCount, QuarantinedRow } from '../../contract/data.ts';
import type { Micros } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, json, query } from '../statement.ts';

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

/** A row as it is stored: `original` is still bytes. */
export interface StoredQuarantine extends Omit<RowToQuarantine, 'sourceFile'> {
  readonly id: number;
}

export interface WhichRows {
  readonly before?: number | null;
  readonly file?: string | null;
  readonly reason?: string | null;
}

/** Rows that were refused, with their reason and their original bytes. */
export interface QuarantineRepository {
  add(rows: readonly RowToQuarantine[]): void;
  /** Newest first. `before`: only rows with a smaller id. `file`, `reason`: only theirs; the total is of these. */
  page(limit: number, which?: WhichRows): { total: number; rows: QuarantinedRow[] };
  /** Rows by file and reason, the most first. */
  counts(): QuarantineCount[];
  /** The oldest beyond the newest `kept`, at most `atMost`, as they were set aside, oldest first. */
  beyond(kept: number, atMost: number): StoredQuarantine[];
  /** Takes rows up to and with this id out of the database, once they lie elsewhere. @returns how many */
  moved(last: number): number;
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

/** Bytes as the file's own encoding reads them; null where that is UTF-8 or can't read them. */
const decodedBytes = (bytes: Uint8Array, encoding: string): string | null => {
  if (/^utf-?8/i.test(encoding)) return null;
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    // The row is shown by its bytes then: they may be the very reason why it was set aside.
    return null;
  }
};

const sequenceLength = (lead: number): number => {
  if (lead < 0xc0) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
};

/** @param connection the plant's database */
export const createQuarantine = (connection: Connection): QuarantineRepository => {
  const Row = QuarantinedRow.omit({ decoded: true }).extend({ original: z.instanceof(Uint8Array), mapping: json(Mapping.pick({ dialect: true }).loose()).nullable() });
  const insert = command(connection, 'INSERT INTO quarantine (source_file, file, line, reason, original, at) VALUES (?, ?, ?, ?, ?, ?)');
  const which = '(@file IS NULL OR file = @file) AND (@reason IS NULL OR reason = @reason)';
  const page = query(
    connection,
    Row,
    `SELECT id, file, line, reason, original, at, (SELECT document FROM source_file JOIN form ON form.id = source_file.form WHERE source_file.id = quarantine.source_file) AS mapping
     FROM quarantine WHERE (@before IS NULL OR id < @before) AND ${which} ORDER BY id DESC LIMIT @limit`,
  );
  const total = query(connection, z.strictObject({ total: z.int() }), `SELECT count(*) AS total FROM quarantine WHERE ${which}`);
  const counts = query(connection, QuarantineCount, 'SELECT file, reason, count(*) AS rows FROM quarantine GROUP BY file, reason ORDER BY rows DESC, file, reason');
  const Stored = Row.omit({ mapping: true });
  // Numbers are given in order and rows go only here: they stand without a gap.
  const beyond = query(connection, Stored, 'SELECT id, file, line, reason, original, at FROM quarantine WHERE id <= (SELECT max(id) FROM quarantine) - @kept ORDER BY id LIMIT @atMost');
  const moved = command(connection, 'DELETE FROM quarantine WHERE id <= ?');
  return {
    add: (rows) => {
      for (const { sourceFile, file, line, reason, original, at } of rows) insert(sourceFile, file, line, reason, original, at);
    },
    page: (limit, { before = null, file = null, reason = null } = {}) => ({
      total: total.one({ file, reason })?.total ?? 0,
      rows: page.all({ before, limit, file, reason }).map(({ original, mapping, ...row }) => ({ ...row, original: bytesAsText(original), decoded: mapping === null ? null : decodedBytes(original, mapping.dialect.encoding) })),
    }),
    counts: () => counts.all(),
    beyond: (kept, atMost) => beyond.all({ kept, atMost }),
    moved: (last) => moved(last).changes,
  };
};
