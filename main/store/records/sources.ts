import { z } from 'zod';
import { Mapping, Source } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';
import { Micros, SourceId } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, json, query } from '../statement.ts';

/** A file and how far it has been read. Saved in the same transaction as the rows up to `position`: that is what makes each row come in exactly once. */
export const SourceFile = z.strictObject({
  id: z.int().positive(),
  /** null: a one-off import. */
  source: SourceId.nullable(),
  path: z.string(),
  /** SHA-256 of the file's first `identityBytes` bytes. */
  identity: z.string(),
  identityBytes: z.int(),
  /** Size in bytes when last looked at. */
  bytes: z.int(),
  /** Bytes read and stored. */
  position: z.int(),
  /** Lines read and stored. */
  line: z.int(),
  quarantined: z.int(),
  mapping: Mapping,
  /** What the reader must remember between two commits; its own business. */
  state: z.unknown(),
  seenAt: Micros,
});
export type SourceFile = z.infer<typeof SourceFile>;
/** A file to be saved; without an id it is a new one. */
export type SourceFileToSave = Omit<SourceFile, 'id'> & { readonly id?: number | undefined };

const Options = z.strictObject({ site: z.string().nullable(), asset: z.string().nullable() });

export interface SourceToFollow {
  readonly path: string;
  readonly kind: Source['kind'];
  readonly site: string | null;
  readonly asset: string | null;
}

/** Followed files and folders, and how far each file has been read. */
export interface SourceRepository {
  list(): Source[];
  get(id: SourceId): Source | undefined;
  /** What following was asked with: the zone of times without an offset, the name of the asset. @throws AppError('not-found') */
  options(id: SourceId): { site: string | null; asset: string | null };
  /** Follows a path anew or again, from where it was read to. */
  upsert(source: SourceToFollow): Source;
  /** @throws AppError('not-found') */
  setState(id: SourceId, state: Source['state'], message?: string | null): Source;
  /** Counts rows that were stored from it. @throws AppError('not-found') */
  addRows(id: SourceId, rows: number, lastRowAt: Micros | null): void;
  /** The files of one source, or those of one-off imports (null), oldest first. */
  files(source: SourceId | null): SourceFile[];
  fileByIdentity(source: SourceId | null, identity: string): SourceFile | undefined;
  /** Adds or replaces (by id, else by source and identity). To be called in the transaction that stores the rows. */
  saveFile(file: SourceFileToSave): SourceFile;
}

const SELECT = `SELECT source.id, source.path, source.kind, source.state, source.message, source.rows_stored AS rowsStored, source.last_row_at AS lastRowAt,
  ifnull(sum(source_file.position), 0) AS position, ifnull(sum(source_file.bytes), 0) AS size, ifnull(sum(source_file.quarantined), 0) AS quarantined
  FROM source LEFT JOIN source_file ON source_file.source = source.id`;
const FILE =
  'SELECT id, source, path, identity, identity_bytes AS identityBytes, bytes, position, line, quarantined, mapping, state, seen_at AS seenAt FROM source_file';

const FileRow = SourceFile.extend({ mapping: json(Mapping), state: json(z.unknown()) });

const must = <T>(found: T | undefined, id: number): T => {
  if (found === undefined) throw new AppError('not-found', `there is no source ${id}`, { source: id });
  return found;
};

/** @param connection the plant's database. @param now microseconds since 1970 */
export const createSources = (connection: Connection, now: () => Micros): SourceRepository => {
  const list = query(connection, Source, `${SELECT} GROUP BY source.id ORDER BY source.id`);
  const byId = query(connection, Source, `${SELECT} WHERE source.id = ? GROUP BY source.id`);
  const byPath = query(connection, z.strictObject({ id: SourceId }), 'SELECT id FROM source WHERE path = ?');
  const options = query(connection, Options, 'SELECT site, asset FROM source WHERE id = ?');
  const insert = command(
    connection,
    `INSERT INTO source (path, kind, site, asset, state, message, created_at) VALUES (@path, @kind, @site, @asset, 'waiting', NULL, @at)
     ON CONFLICT (path) DO UPDATE SET kind = excluded.kind, site = excluded.site, asset = excluded.asset, state = 'waiting', message = NULL`,
  );
  const setState = command(connection, 'UPDATE source SET state = ?, message = ? WHERE id = ?');
  const addRows = command(connection, 'UPDATE source SET rows_stored = rows_stored + @rows, last_row_at = max(ifnull(last_row_at, @lastRowAt), ifnull(@lastRowAt, last_row_at)) WHERE id = @id');
  const files = query(connection, FileRow, `${FILE} WHERE source IS ? ORDER BY id`);
  const fileByIdentity = query(connection, FileRow, `${FILE} WHERE source IS ? AND identity = ?`);
  const insertFile = command(
    connection,
    `INSERT INTO source_file (source, path, identity, identity_bytes, bytes, position, line, quarantined, mapping, state, seen_at)
     VALUES (@source, @path, @identity, @identityBytes, @bytes, @position, @line, @quarantined, @mapping, @state, @seenAt)`,
  );
  const updateFile = command(
    connection,
    `UPDATE source_file SET path = @path, identity = @identity, identity_bytes = @identityBytes, bytes = @bytes, position = @position, line = @line,
     quarantined = @quarantined, mapping = @mapping, state = @state, seen_at = @seenAt WHERE id = @id`,
  );

  return {
    list: () => list.all(),
    get: (id) => byId.one(id),
    options: (id) => must(options.one(id), id),
    upsert: (source) => {
      insert({ path: source.path, kind: source.kind, site: source.site, asset: source.asset, at: now() });
      const id = byPath.one(source.path)?.id ?? 0;
      return must(byId.one(id), id);
    },
    setState: (id, state, message = null) => {
      setState(state, message, id);
      return must(byId.one(id), id);
    },
    addRows: (id, rows, lastRowAt) => {
      must(addRows({ rows, lastRowAt, id }).changes === 1 ? id : undefined, id);
    },
    files: (source) => files.all(source),
    fileByIdentity: (source, identity) => fileByIdentity.one(source, identity),
    saveFile: (file) => {
      const { id: given, mapping, state, ...columns } = file;
      const texts = { mapping: JSON.stringify(mapping), state: JSON.stringify(state ?? null) };
      const known = given ?? fileByIdentity.one(file.source, file.identity)?.id;
      if (known === undefined) return { ...file, id: insertFile({ ...columns, ...texts }).id };
      const { source: _, ...changed } = columns;
      updateFile({ ...changed, ...texts, id: known });
      return { ...file, id: known };
    },
  };
};
