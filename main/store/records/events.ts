import { z } from 'zod';
import { PlantEvent, type EventKind } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';
import type { AssetId, EventId } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, query } from '../statement.ts';

/** An event to be stored: its asset is known by id. */
export type EventToAdd = Omit<PlantEvent, 'id' | 'assetName'>;

/** What happened to the machines: failures, errors, maintenance, modes, verdicts. The labels of training. */
export interface EventRepository {
  /** In order of start. */
  list(filter?: { asset?: AssetId | null | undefined; kind?: EventKind | null | undefined }): PlantEvent[];
  get(id: EventId): PlantEvent | undefined;
  count(): number;
  /**
   * Adds each once: an event of the same asset, kind, mode and start is the same event, and takes an end or a comment that it had not;
   * it stays known since it was first known.
   * @returns the stored events, in the order given
   */
  add(events: readonly EventToAdd[]): PlantEvent[];
  /** The same for events that a file tells: those that people removed or changed are passed over, however often the file is read. @returns the others */
  addFromFile(events: readonly EventToAdd[]): PlantEvent[];
  /** Writes what is told of one event; when it was known stays. What files say of it from now on is passed over. @throws AppError('not-found'), 'state-conflict' when there is another event of its asset, kind, mode and start */
  change(id: EventId, change: Pick<PlantEvent, 'kind' | 'mode' | 'start' | 'end' | 'comment'>): PlantEvent;
  /** @returns what it was; undefined when there was none */
  remove(id: EventId): PlantEvent | undefined;
}

const COLUMNS =
  'event.id, event.asset, asset.name AS assetName, event.kind, event.mode, event.start, event.end, event.known_at AS knownAt, event.comment FROM event JOIN asset ON asset.id = event.asset';

/** @param connection the plant's database */
export const createEvents = (connection: Connection): EventRepository => {
  const list = query(
    connection,
    PlantEvent,
    `SELECT ${COLUMNS} WHERE (@asset IS NULL OR event.asset = @asset) AND (@kind IS NULL OR event.kind = @kind) ORDER BY event.start, event.id`,
  );
  const total = query(connection, z.strictObject({ total: z.int() }), 'SELECT count(*) AS total FROM event');
  const byId = query(connection, PlantEvent, `SELECT ${COLUMNS} WHERE event.id = ?`);
  const byKey = query(connection, PlantEvent, `SELECT ${COLUMNS} WHERE event.asset = ? AND event.kind = ? AND event.mode = ? AND event.start = ?`);
  const insert = command(
    connection,
    `INSERT INTO event (asset, kind, mode, start, end, known_at, comment) VALUES (@asset, @kind, @mode, @start, @end, @knownAt, @comment)
     ON CONFLICT (asset, kind, mode, start) DO UPDATE SET end = ifnull(excluded.end, end), known_at = min(excluded.known_at, known_at), comment = ifnull(excluded.comment, comment)`,
  );

  const update = command(connection, 'UPDATE event SET kind = @kind, mode = @mode, start = @start, end = @end, comment = @comment WHERE id = @id');
  const remove = command(connection, 'DELETE FROM event WHERE id = ?');

  const settle = command(connection, 'INSERT INTO settled_event (asset, kind, mode, start) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const open = command(connection, 'DELETE FROM settled_event WHERE asset = ? AND kind = ? AND mode = ? AND start = ?');
  const isSettled = query(connection, z.strictObject({ asset: z.int() }), 'SELECT asset FROM settled_event WHERE asset = ? AND kind = ? AND mode = ? AND start = ?');

  const put = ({ asset, kind, mode, start, end, knownAt, comment }: EventToAdd): PlantEvent[] => {
    insert({ asset, kind, mode, start, end, knownAt, comment });
    return byKey.all(asset, kind, mode, start);
  };

  return {
    list: (filter = {}) => list.all({ asset: filter.asset ?? null, kind: filter.kind ?? null }),
    get: (id) => byId.one(id),
    count: () => total.one()?.total ?? 0,
    add: (events) =>
      events.flatMap((event) => {
        open(event.asset, event.kind, event.mode, event.start);
        return put(event);
      }),
    addFromFile: (events) => events.flatMap((event) => (isSettled.one(event.asset, event.kind, event.mode, event.start) === undefined ? put(event) : [])),
    change: (id, { kind, mode, start, end, comment }) => {
      const found = byId.one(id);
      if (found === undefined) throw new AppError('not-found', `there is no event ${id}`, { event: id });
      const twin = byKey.one(found.asset, kind, mode, start);
      if (twin !== undefined && twin.id !== id)
        throw new AppError('state-conflict', `${found.assetName} has an event '${mode}' of kind ${kind} at that time already (event ${twin.id}); remove one of the two`, { event: id, other: twin.id });
      settle(found.asset, found.kind, found.mode, found.start);
      settle(found.asset, kind, mode, start);
      update({ id, kind, mode, start, end, comment });
      return byId.one(id) ?? found;
    },
    remove: (id) => {
      const found = byId.one(id);
      if (found === undefined) return undefined;
      settle(found.asset, found.kind, found.mode, found.start);
      remove(id);
      return found;
    },
  };
};
