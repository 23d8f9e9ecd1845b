import { Evaluation } from '../../../ml/documents/metrics.ts';
import type { Task } from '../../../ml/documents/task.ts';
import { AppError } from '../../contract/errors.ts';
import { Model } from '../../contract/training.ts';
import type { Micros, ModelId } from '../../contract/values.ts';
import { inTransaction, type Connection } from '../connection.ts';
import { command, json, query } from '../statement.ts';

/** The registry's rows: which models there are and which one is the champion of a task and machine type. */
export interface ModelRepository {
  /** Adds a model as challenger; `promote` makes it champion. */
  add(model: Omit<Model, 'role'>): Model;
  get(id: ModelId): Model | undefined;
  /** Newest first. */
  list(): Model[];
  champion(task: Task, machineType: string): Model | undefined;
  /** Every champion. */
  champions(): Model[];
  /** Makes it the champion; the one before is archived. @throws AppError('not-found'), 'state-conflict' when it is champion already */
  promote(id: ModelId): Model;
  /** Puts back the champion before the present one. @throws AppError('state-conflict') when there was none */
  rollback(task: Task, machineType: string): Model;
}

const COLUMNS = 'id, run, task, machine_type AS machineType, role, created_at AS createdAt, fingerprint, backend, parameters, evaluation';

/** @param connection the plant's database. @param now microseconds since 1970 */
export const createModels = (connection: Connection, now: () => Micros): ModelRepository => {
  const Row = Model.extend({ evaluation: json(Evaluation) });
  const byId = query(connection, Row, `SELECT ${COLUMNS} FROM model WHERE id = ?`);
  const list = query(connection, Row, `SELECT ${COLUMNS} FROM model ORDER BY created_at DESC, id DESC`);
  const champion = query(connection, Row, `SELECT ${COLUMNS} FROM model WHERE role = 'champion' AND task = ? AND machine_type = ?`);
  const champions = query(connection, Row, `SELECT ${COLUMNS} FROM model WHERE role = 'champion' ORDER BY task, machine_type`);
  // A champion's promoted_at is never changed by a rollback, so a second rollback goes one further back instead of to and fro.
  const former = query(
    connection,
    Row,
    `SELECT ${COLUMNS} FROM model WHERE task = @task AND machine_type = @machineType AND role = 'archived'
     AND promoted_at < (SELECT promoted_at FROM model WHERE role = 'champion' AND task = @task AND machine_type = @machineType) ORDER BY promoted_at DESC LIMIT 1`,
  );
  const insert = command(
    connection,
    `INSERT INTO model (id, run, task, machine_type, role, created_at, fingerprint, backend, parameters, evaluation)
     VALUES (@id, @run, @task, @machineType, 'challenger', @createdAt, @fingerprint, @backend, @parameters, @evaluation)`,
  );
  const archive = command(connection, "UPDATE model SET role = 'archived' WHERE role = 'champion' AND task = ? AND machine_type = ?");
  const crown = command(connection, "UPDATE model SET role = 'champion', promoted_at = ifnull(?, promoted_at) WHERE id = ?");
  const newestPromotion = connection.prepare<[string, string], unknown>('SELECT ifnull(max(promoted_at), 0) FROM model WHERE task = ? AND machine_type = ?').pluck();

  const must = (id: ModelId): Model => {
    const model = byId.one(id);
    if (model === undefined) throw new AppError('not-found', `there is no model '${id}'`, { model: id });
    return model;
  };

  return {
    add: ({ id, run, task, machineType, createdAt, fingerprint, backend, parameters, evaluation }) => {
      insert({ id, run, task, machineType, createdAt, fingerprint, backend, parameters, evaluation: JSON.stringify(evaluation) });
      return must(id);
    },
    get: (id) => byId.one(id),
    list: () => list.all(),
    champion: (task, machineType) => champion.one(task, machineType),
    champions: () => champions.all(),
    promote: (id) =>
      inTransaction(connection, 'promoting a model', () => {
        const model = must(id);
        if (model.role === 'champion') throw new AppError('state-conflict', `model '${id}' is the champion already`, { model: id });
        archive(model.task, model.machineType);
        // Later than any before, even when the clock was set back: the order of champions is the order of promotions.
        const after = Number(newestPromotion.get(model.task, model.machineType)) + 1;
        crown(Math.max(now(), after), id);
        return must(id);
      }),
    rollback: (task, machineType) =>
      inTransaction(connection, 'rolling a model back', () => {
        const before = former.one({ task, machineType });
        if (before === undefined) throw new AppError('state-conflict', `there is no earlier champion of '${task}' for '${machineType}' to go back to`, { task, machineType });
        archive(task, machineType);
        crown(null, before.id);
        return must(before.id);
      }),
  };
};
