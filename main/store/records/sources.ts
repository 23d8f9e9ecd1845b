import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Mapping } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';
import { Source, SourceOptions, SourceReason } from '../../contract/sources.ts';
import { SourceId, type Micros } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, json, jsonText, query } from '../statement.ts';
import { createSourceFiles, type SourceFileRepository } from './sourcefiles.ts';

/** What following was asked with, all of it. */
export interface FollowedAs {
  readonly site: string | null;
  readonly asset: string | null;
  readonly mapping: Mapping | null;
  readonly options: SourceOptions;
}

export interface SourceToFollow extends FollowedAs {
  readonly path: string;
  readonly kind: Source['kind'];
}

/** What one commit adds to the counts of a source. */
export interface SourceCounts {
  readonly rows: number;
  readonly late: number;
  readonly duplicates: number;
  readonly replaced: number;
}

/** `isRemoved`: taken off the list; its positions stay, so that following it again goes on where it was. */
const Stored = z.strictObject({ ...SourceOptions.shape, mapping: Mapping.nullable().default(null), isRemoved: z.boolean().default(false) });
const Followed = z.strictObject({ site: z.string().nullable(), asset: z.string().nullable(), options: json(Stored) });
const Link = z.strictObject({ kind: z.enum(['tcp-listen', 'tcp-connect', 'http-listen']), token: z.string().nullable() });

/** Followed files, folders and addresses, and how far each file has been read. */
export interface SourceRepository extends SourceFileRepository {
  /** Without those that were taken off the list. */
  list(): Source[];
  get(id: SourceId): Source | undefined;
  /** @throws AppError('not-found') */
  followedAs(id: SourceId): FollowedAs;
  /** Follows a path anew or again, from where it was read to; what it is asked with now holds. */
  upsert(source: SourceToFollow): Source;
  /** @throws AppError('not-found') */
  setState(id: SourceId, state: Source['state'], reason?: SourceReason | null, message?: string | null): Source;
  /** Stops it and takes it off the list; what it brought, and how far it was read, stay. @throws AppError('not-found') */
  remove(id: SourceId): void;
  /** Adds to what is counted of it; in the transaction that stores the rows. @throws AppError('not-found') */
  count(id: SourceId, counts: SourceCounts, lastRowAt: Micros | null): void;
  /** What senders over HTTP must show; null for other kinds. @throws AppError('not-found') */
  token(id: SourceId): string | null;
  /** @throws AppError('not-found') */
  renewToken(id: SourceId): string | null;
  /** What its reader remembers from one file to the next; null at first. */
  memory(id: SourceId): unknown;
  remember(id: SourceId, memory: unknown): void;
}

const SELECT = `SELECT source.id, source.path, source.kind, source.link, source.state, source.reason, source.message, source.rows_stored AS rowsStored, source.last_row_at AS lastRowAt,
  source.late, source.duplicates, source.replaced, source.site, source.asset, source.options,
  source.spent_bytes + ifnull(sum(source_file.position), 0) AS position, source.spent_bytes + ifnull(sum(source_file.bytes), 0) AS size,
  source.spent_quarantined + ifnull(sum(source_file.quarantined), 0) AS quarantined
  FROM source LEFT JOIN source_file ON source_file.source = source.id`;

const SourceRow = z.strictObject({
  ...Source.omit({ kind: true, reason: true, counts: true, silentSince: true, connections: true, options: true }).shape,
  kind: z.enum(['file', 'folder']),
  link: json(Link).nullable(),
  reason: json(SourceReason).nullable(),
  late: z.int(),
  duplicates: z.int(),
  replaced: z.int(),
  options: json(Stored),
});

/** What only the running follower knows is added by it: silence and open connections. */
const sourceOf = ({ kind, link, late, duplicates, replaced, options: { mapping: _mapping, isRemoved: _removed, ...options }, ...row }: z.infer<typeof SourceRow>): Source => ({
  ...row,
  kind: link?.kind ?? kind,
  counts: { late, duplicates, replaced },
  silentSince: null,
  connections: link === null ? null : 0,
  options,
});

const must = <T>(found: T | undefined, id: number): T => {
  if (found === undefined) throw new AppError('not-found', `there is no source ${id}`, { source: id });
  return found;
};

const newToken = (): string => randomBytes(24).toString('base64url');

const createTokens = (connection: Connection): Pick<SourceRepository, 'token' | 'renewToken'> => {
  const links = query(connection, z.strictObject({ link: json(Link).nullable() }), 'SELECT link FROM source WHERE id = ?');
  const setLink = command(connection, 'UPDATE source SET link = ? WHERE id = ?');
  const token = (id: SourceId): string | null => must(links.one(id), id).link?.token ?? null;
  return {
    token,
    renewToken: (id) => {
      const { link } = must(links.one(id), id);
      if (link !== null && link.token !== null) setLink(JSON.stringify({ ...link, token: newToken() }), id);
      return token(id);
    },
  };
};

/** @param connection the plant's database. @param now microseconds since 1970 */
export const createSources = (connection: Connection, now: () => Micros): SourceRepository => {
  const list = query(connection, SourceRow, `${SELECT} GROUP BY source.id ORDER BY source.id`);
  const byId = query(connection, SourceRow, `${SELECT} WHERE source.id = ? GROUP BY source.id`);
  const byPath = query(connection, z.strictObject({ id: SourceId }), 'SELECT id FROM source WHERE path = ?');
  const followedAs = query(connection, Followed, 'SELECT site, asset, options FROM source WHERE id = ?');
  const memories = query(connection, z.strictObject({ memory: json(z.unknown()).nullable() }), 'SELECT memory FROM source WHERE id = ?');
  // A link's lines lie in a folder of the plant's own: that is what is read.
  const insert = command(
    connection,
    `INSERT INTO source (path, kind, link, site, asset, options, state, created_at) VALUES (@path, @kind, @link, @site, @asset, @options, 'waiting', @at)
     ON CONFLICT (path) DO UPDATE SET kind = excluded.kind, link = ifnull(source.link, excluded.link), site = excluded.site, asset = excluded.asset, options = excluded.options,
     state = 'waiting', reason = NULL, message = NULL`,
  );
  const setState = command(connection, 'UPDATE source SET state = ?, reason = ?, message = ? WHERE id = ?');
  const remove = command(connection, "UPDATE source SET state = 'stopped', reason = NULL, message = NULL, options = json_set(options, '$.isRemoved', json('true')) WHERE id = ?");
  const setMemory = command(connection, 'UPDATE source SET memory = ? WHERE id = ?');
  const count = command(
    connection,
    `UPDATE source SET rows_stored = rows_stored + @rows, late = late + @late, duplicates = duplicates + @duplicates, replaced = replaced + @replaced,
     last_row_at = max(ifnull(last_row_at, @lastRowAt), ifnull(@lastRowAt, last_row_at)) WHERE id = @id`,
  );
  const one = (id: SourceId): Source => sourceOf(must(byId.one(id), id));

  return {
    ...createSourceFiles(connection),
    ...createTokens(connection),
    list: () => list.all().filter(({ options }) => !options.isRemoved).map(sourceOf),
    get: (id) => {
      const row = byId.one(id);
      return row && sourceOf(row);
    },
    followedAs: (id) => {
      const { options: { mapping, isRemoved: _, ...options }, ...row } = must(followedAs.one(id), id);
      return { ...row, mapping, options };
    },
    upsert: ({ path, kind, site, asset, mapping, options }) => {
      const link = kind === 'file' || kind === 'folder' ? null : { kind, token: kind === 'http-listen' ? newToken() : null };
      insert({ path, kind: link ? 'folder' : kind, link: jsonText(link), site, asset, options: JSON.stringify({ ...options, mapping }), at: now() });
      return one(SourceId.parse(byPath.one(path)?.id ?? 0));
    },
    setState: (id, state, reason = null, message = null) => {
      setState(state, jsonText(reason), message, id);
      return one(id);
    },
    remove: (id) => {
      must(remove(id).changes === 1 ? id : undefined, id);
    },
    count: (id, counts, lastRowAt) => {
      must(count({ ...counts, lastRowAt, id }).changes === 1 ? id : undefined, id);
    },
    memory: (id) => memories.one(id)?.memory ?? null,
    remember: (id, memory) => {
      setMemory(jsonText(memory), id);
    },
  };
};
