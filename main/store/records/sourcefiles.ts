import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Mapping } from '../../contract/data.ts';
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

export interface SourceFileRepository {
  /** The files of one source, or those of one-off imports (null), oldest first. */
  files(source: SourceId | null): SourceFile[];
  fileByIdentity(source: SourceId | null, identity: string): SourceFile | undefined;
  /** Adds or replaces (by id, else by source and identity). To be called in the transaction that stores the rows. */
  saveFile(file: SourceFileToSave): SourceFile;
  /** Forgets a file that was stored whole and won't be seen again; its bytes and rows set aside stay counted. */
  spendFile(id: number): void;
}

const FILE = `SELECT source_file.id, source, path, identity, identity_bytes AS identityBytes, bytes, position, line, quarantined, form, state, seen_at AS seenAt FROM source_file`;

const FileRow = z.strictObject({ ...SourceFile.omit({ mapping: true }).shape, form: z.int(), state: json(z.unknown()) });

/**
 * Forms of files by their ids. They never change and many files share one, so each is parsed once, and a commit that moves a position
 * doesn't write its form again.
 */
const createForms = (connection: Connection): { get(id: number): Mapping; idOf(mapping: Mapping): number } => {
  const byId = query(connection, z.strictObject({ document: json(Mapping) }), 'SELECT document FROM form WHERE id = ?');
  const byDigest = query(connection, z.strictObject({ id: z.int() }), 'SELECT id FROM form WHERE digest = ?');
  const insert = command(connection, 'INSERT INTO form (digest, document) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING');
  const known = new Map<number, Mapping>();
  const ids = new WeakMap<Mapping, string>();
  return {
    get: (id) => {
      const found = known.get(id) ?? byId.one(id)?.document;
      const mapping = Mapping.parse(found);
      known.set(id, mapping);
      return mapping;
    },
    idOf: (mapping) => {
      // By digest, not by a remembered id: the transaction that made the form may have been undone.
      const digest = ids.get(mapping) ?? createHash('sha256').update(JSON.stringify(mapping)).digest('hex');
      ids.set(mapping, digest);
      const found = byDigest.one(digest);
      return found?.id ?? insert(digest, JSON.stringify(mapping)).id;
    },
  };
};

/** @param connection the plant's database */
export const createSourceFiles = (connection: Connection): SourceFileRepository => {
  const forms = createForms(connection);
  const files = query(connection, FileRow, `${FILE} WHERE source IS ? ORDER BY id`);
  const fileByIdentity = query(connection, FileRow, `${FILE} WHERE source IS ? AND identity = ?`);
  const insertFile = command(
    connection,
    `INSERT INTO source_file (source, path, identity, identity_bytes, bytes, position, line, quarantined, form, state, seen_at)
     VALUES (@source, @path, @identity, @identityBytes, @bytes, @position, @line, @quarantined, @form, @state, @seenAt)`,
  );
  const updateFile = command(
    connection,
    `UPDATE source_file SET path = @path, identity = @identity, identity_bytes = @identityBytes, bytes = @bytes, position = @position, line = @line,
     quarantined = @quarantined, form = @form, state = @state, seen_at = @seenAt WHERE id = @id`,
  );
  const addSpent = command(
    connection,
    `UPDATE source SET spent_bytes = spent_bytes + (SELECT position FROM source_file WHERE id = @id), spent_quarantined = spent_quarantined + (SELECT quarantined FROM source_file WHERE id = @id)
     WHERE id = (SELECT source FROM source_file WHERE id = @id)`,
  );
  const freeRows = command(connection, 'UPDATE quarantine SET source_file = NULL WHERE source_file = ?');
  const removeFile = command(connection, 'DELETE FROM source_file WHERE id = ?');
  const fileOf = ({ form, ...row }: z.infer<typeof FileRow>): SourceFile => ({ ...row, mapping: forms.get(form) });

  return {
    files: (source) => files.all(source).map(fileOf),
    fileByIdentity: (source, identity) => {
      const row = fileByIdentity.one(source, identity);
      return row && fileOf(row);
    },
    saveFile: (file) => {
      const { id: given, mapping, state, ...columns } = file;
      const own = { form: forms.idOf(mapping), state: JSON.stringify(state ?? null) };
      const known = given ?? fileByIdentity.one(file.source, file.identity)?.id;
      if (known === undefined) return { ...file, id: insertFile({ ...columns, ...own }).id };
      const { source: _, ...changed } = columns;
      updateFile({ ...changed, ...own, id: known });
      return { ...file, id: known };
    },
    spendFile: (id) => {
      addSpent({ id });
      freeRows(id);
      removeFile(id);
    },
  };
};
