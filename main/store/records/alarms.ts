import { z } from 'zod';
import { Alarm, AlarmTransition, alarmStateOf } from '../../contract/alarms.ts';
import { AppError } from '../../contract/errors.ts';
import type { AlarmId, AssetId } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, flag, query } from '../statement.ts';

/** An alarm to be opened. */
export type AlarmToCreate = Omit<Alarm, 'id' | 'assetName'>;

/** Alarms, open and closed, and their transitions. The state is derived from active, unacknowledged and the suppression. */
export interface AlarmRepository {
  /** Those not closed, newest first. */
  open(): Alarm[];
  get(id: AlarmId): Alarm | undefined;
  /** The open alarm of an asset and condition: there is one at most. */
  openOf(asset: AssetId, condition: Alarm['condition']): Alarm | undefined;
  create(alarm: AlarmToCreate): Alarm;
  /** Writes all of it; a suppressed state is kept as the suppression. @throws AppError('not-found') */
  save(alarm: Alarm): Alarm;
  /** Open and closed, newest first. */
  history(asset?: AssetId | null, limit?: number): Alarm[];
  addTransition(transition: AlarmTransition): void;
  /** In order. */
  transitions(alarm: AlarmId): AlarmTransition[];
}

const Suppression = z.enum(['shelved', 'suppressed-by-design', 'out-of-service']);
const Row = z
  .strictObject({ ...Alarm.omit({ state: true }).shape, active: flag, unacknowledged: flag, suppression: Suppression.nullable() })
  .transform(({ suppression, ...rest }): Alarm => ({ ...rest, state: alarmStateOf(rest.active, rest.unacknowledged, suppression) }));

const SELECT = `SELECT alarm.id, alarm.asset, asset.name AS assetName, condition, active, unacknowledged, suppression, priority, value, limit_value AS "limit", unit, model,
  raised_at AS raisedAt, raised_on AS raisedOn, cleared_at AS clearedAt, acknowledged_at AS acknowledgedAt, comment, shelved_until AS shelvedUntil,
  shelve_reason AS shelveReason, count, closed_at AS closedAt, message FROM alarm JOIN asset ON asset.id = alarm.asset`;

const FIELDS = [
  ['asset', 'asset'], ['condition', 'condition'], ['active', 'active'], ['unacknowledged', 'unacknowledged'], ['suppression', 'suppression'], ['priority', 'priority'],
  ['value', 'value'], ['limit_value', 'limit'], ['unit', 'unit'], ['model', 'model'], ['raised_at', 'raisedAt'], ['raised_on', 'raisedOn'], ['cleared_at', 'clearedAt'],
  ['acknowledged_at', 'acknowledgedAt'], ['comment', 'comment'], ['shelved_until', 'shelvedUntil'], ['shelve_reason', 'shelveReason'], ['count', 'count'],
  ['closed_at', 'closedAt'], ['message', 'message'],
] as const;

const columnsOf = (alarm: AlarmToCreate) => {
  const suppression = Suppression.safeParse(alarm.state);
  const { asset, condition, priority, value, limit, unit, model, raisedAt, raisedOn, clearedAt, acknowledgedAt, comment, shelvedUntil, shelveReason, count, closedAt, message } = alarm;
  return {
    asset, condition, priority, value, limit, unit, model, raisedAt, raisedOn, clearedAt, acknowledgedAt, comment, shelvedUntil, shelveReason, count, closedAt, message,
    active: alarm.active ? 1 : 0,
    unacknowledged: alarm.unacknowledged ? 1 : 0,
    suppression: suppression.success ? suppression.data : null,
  };
};

/** @param connection the plant's database */
export const createAlarms = (connection: Connection): AlarmRepository => {
  const open = query(connection, Row, `${SELECT} WHERE closed_at IS NULL ORDER BY raised_at DESC, alarm.id DESC`);
  const byId = query(connection, Row, `${SELECT} WHERE alarm.id = ?`);
  const openOf = query(connection, Row, `${SELECT} WHERE alarm.asset = ? AND condition = ? AND closed_at IS NULL`);
  const history = query(connection, Row, `${SELECT} WHERE @asset IS NULL OR alarm.asset = @asset ORDER BY raised_at DESC, alarm.id DESC LIMIT @limit`);
  const insert = command(connection, `INSERT INTO alarm (${FIELDS.map(([column]) => column).join(', ')}) VALUES (${FIELDS.map(([, field]) => `@${field}`).join(', ')})`);
  const update = command(connection, `UPDATE alarm SET ${FIELDS.map(([column, field]) => `${column} = @${field}`).join(', ')} WHERE id = @id`);
  const addTransition = command(connection, 'INSERT INTO alarm_transition (alarm, at, from_state, to_state, cause, comment) VALUES (@alarm, @at, @from, @to, @cause, @comment)');
  const transitions = query(connection, AlarmTransition, 'SELECT alarm, at, from_state AS "from", to_state AS "to", cause, comment FROM alarm_transition WHERE alarm = ? ORDER BY id');

  const must = (id: number): Alarm => {
    const alarm = byId.one(id);
    if (alarm === undefined) throw new AppError('not-found', `there is no alarm ${id}`, { alarm: id });
    return alarm;
  };

  return {
    open: () => open.all(),
    get: (id) => byId.one(id),
    openOf: (asset, condition) => openOf.one(asset, condition),
    create: (alarm) => must(insert(columnsOf(alarm)).id),
    save: (alarm) => {
      update({ ...columnsOf(alarm), id: alarm.id });
      return must(alarm.id);
    },
    history: (asset = null, limit = 200) => history.all({ asset, limit }),
    addTransition: ({ alarm, at, from, to, cause, comment }) => {
      addTransition({ alarm, at, from, to, cause, comment });
    },
    transitions: (alarm) => transitions.all(alarm),
  };
};
