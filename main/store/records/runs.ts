import type { z } from 'zod';
import { TrainingConfig } from '../../../ml/documents/config.ts';
import { EpochRecord } from '../../../ml/documents/history.ts';
import { Evaluation } from '../../../ml/documents/metrics.ts';
import { AppError, ErrorDocument } from '../../contract/errors.ts';
import { Run } from '../../contract/training.ts';
import type { RunId } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, json, jsonText, query } from '../statement.ts';

export type RunToCreate = Pick<Run, 'id' | 'job' | 'task' | 'machineType' | 'cause' | 'config' | 'startedAt'>;
/** What is told of a run later; the rest is derived from its epochs and its configuration. */
export type RunChange = Partial<Pick<Run, 'job' | 'state' | 'config' | 'backend' | 'backends' | 'fingerprint' | 'units' | 'bestEpoch' | 'evaluation' | 'model' | 'error' | 'endedAt'>>;

/** Training runs and their history per epoch. */
export interface RunRepository {
  /** A run in state 'freezing'. */
  create(run: RunToCreate): Run;
  get(id: RunId): Run | undefined;
  /** Newest first. */
  list(limit?: number): Run[];
  /** @throws AppError('not-found') */
  update(id: RunId, change: RunChange): Run;
  /** Writes one epoch; one that is there already is replaced (a run that goes on from a checkpoint repeats some). */
  addEpoch(id: RunId, epoch: EpochRecord): void;
  /** In order of epoch. */
  history(id: RunId): EpochRecord[];
}

/** Epochs whose pace tells how long the rest will take. */
const PACE_EPOCHS = 5;

const COLUMNS = `id, job, task, machine_type AS machineType, state, cause, config, backend, backends, fingerprint, units, best_epoch AS bestEpoch, evaluation, model, error,
  started_at AS startedAt, ended_at AS endedAt`;
const EPOCH = 'SELECT epoch, loss, val_loss AS valLoss, val_metric AS valMetric, learning_rate AS learningRate, ms FROM epoch WHERE run = ?';

const Row = Run.omit({ epochsDone: true, epochsPlanned: true, lastEpoch: true, secondsLeft: true }).extend({
  config: json(TrainingConfig),
  backends: json(Run.shape.backends),
  units: json(Run.shape.units).nullable(),
  evaluation: json(Evaluation).nullable(),
  error: json(ErrorDocument).nullable(),
});

const secondsLeft = (run: z.infer<typeof Row>, newest: readonly EpochRecord[]): number | null => {
  const last = newest[0];
  if (run.state !== 'training' || last === undefined) return null;
  const pace = newest.reduce((sum, { ms }) => sum + ms, 0) / newest.length;
  return (Math.max(0, run.config.epochs - last.epoch) * pace) / 1000;
};

/** @param connection the plant's database */
export const createRuns = (connection: Connection): RunRepository => {
  const byId = query(connection, Row, `SELECT ${COLUMNS} FROM run WHERE id = ?`);
  const list = query(connection, Row, `SELECT ${COLUMNS} FROM run ORDER BY started_at DESC, id DESC LIMIT ?`);
  const newestEpochs = query(connection, EpochRecord, `${EPOCH} ORDER BY epoch DESC LIMIT ${PACE_EPOCHS}`);
  const history = query(connection, EpochRecord, `${EPOCH} ORDER BY epoch`);
  const insert = command(
    connection,
    "INSERT INTO run (id, job, task, machine_type, state, cause, config, started_at) VALUES (@id, @job, @task, @machineType, 'freezing', @cause, @config, @startedAt)",
  );
  const update = command(
    connection,
    `UPDATE run SET job = @job, state = @state, config = @config, backend = @backend, backends = @backends, fingerprint = @fingerprint, units = @units, best_epoch = @bestEpoch,
     evaluation = @evaluation, model = @model, error = @error, ended_at = @endedAt WHERE id = @id`,
  );
  const addEpoch = command(
    connection,
    `INSERT INTO epoch (run, epoch, loss, val_loss, val_metric, learning_rate, ms) VALUES (@run, @epoch, @loss, @valLoss, @valMetric, @learningRate, @ms)
     ON CONFLICT (run, epoch) DO UPDATE SET loss = excluded.loss, val_loss = excluded.val_loss, val_metric = excluded.val_metric, learning_rate = excluded.learning_rate, ms = excluded.ms`,
  );

  const complete = (run: z.infer<typeof Row>): Run => {
    const newest = newestEpochs.all(run.id);
    const lastEpoch = newest[0] ?? null;
    return { ...run, epochsDone: lastEpoch?.epoch ?? 0, epochsPlanned: run.config.epochs, lastEpoch, secondsLeft: secondsLeft(run, newest) };
  };
  const must = (id: RunId): Run => {
    const run = byId.one(id);
    if (run === undefined) throw new AppError('not-found', `there is no training run '${id}'`, { run: id });
    return complete(run);
  };

  return {
    create: (run) => {
      insert({ id: run.id, job: run.job, task: run.task, machineType: run.machineType, cause: run.cause, config: JSON.stringify(run.config), startedAt: run.startedAt });
      return must(run.id);
    },
    get: (id) => {
      const run = byId.one(id);
      return run === undefined ? undefined : complete(run);
    },
    list: (limit = 1000) => list.all(limit).map(complete),
    update: (id, change) => {
      const { job, state, config, backend, backends, fingerprint, units, bestEpoch, evaluation, model, error, endedAt } = { ...must(id), ...change };
      const documents = { config: JSON.stringify(config), backends: JSON.stringify(backends), units: jsonText(units), evaluation: jsonText(evaluation), error: jsonText(error) };
      update({ id, job, state, backend, fingerprint, bestEpoch, model, endedAt, ...documents });
      return must(id);
    },
    addEpoch: (run, { epoch, loss, valLoss, valMetric, learningRate, ms }) => {
      addEpoch({ run, epoch, loss, valLoss, valMetric, learningRate, ms });
    },
    history: (id) => history.all(id),
  };
};
