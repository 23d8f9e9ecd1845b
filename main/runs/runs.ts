import { join } from 'node:path';
import { TrainingConfig } from '../../ml/documents/config.ts';
import type { EpochRecord } from '../../ml/documents/history.ts';
import { chosenConfig, type SearchReport } from '../../ml/documents/search.ts';
import { AppError } from '../contract/errors.ts';
import type { Feasibility, FeasibilityRequest } from '../contract/feasibility.ts';
import type { EvaluationReport, Model, Run, RunState, TrainRequest } from '../contract/training.ts';
import { RunId, type JobId, type ModelId } from '../contract/values.ts';
import type { Clock } from '../engine/clock.ts';
import type { JobContext, Jobs } from '../engine/jobs.ts';
import type { Log } from '../engine/log.ts';
import type { Plant } from '../store/plant.ts';
import type { ModelDocument } from '../../ml/documents/model.ts';
import { evaluateModel } from './evaluate.ts';
import { freeze, gridOf, isFrozen, readFrozen, type SettleCleaning } from './freeze.ts';
import { analyse } from './feasibility/feasibility.ts';
import type { QualityOf } from './feasibility/readings.ts';
import { HORIZON_SHARE } from './feasibility/tasks.ts';
import type { AskScorer } from './judging.ts';
import { machineTypeFor } from './labels.ts';
import { beginSearch, searchIn, searchOf } from './search.ts';
import { trainIn, type StartTrainer, type Trained } from './training.ts';
import { machinesOf } from './units.ts';

/** What runs need of the registry. */
export interface RunRegistry {
  register(trained: string, run: RunId | null): Model;
  modelFolder(id: ModelId): string;
  documentOf(id: ModelId): ModelDocument;
}

export interface RunParts {
  readonly plant: Plant;
  readonly clock: Clock;
  readonly log: Log;
  /** The plant's folder; runs lie in runs/<id>/. */
  readonly folder: string;
  readonly jobs: Pick<Jobs, 'start'>;
  readonly registry: RunRegistry;
  readonly startTrainer: StartTrainer;
  readonly askScorer: AskScorer;
  readonly settleCleaning: SettleCleaning;
  readonly qualityOf: QualityOf;
}

export interface RunStarted {
  readonly job: JobId;
  readonly run: RunId;
}

const live = new Set<RunState>(['freezing', 'training', 'evaluating']);
const resumable = new Set<RunState>(['cut', 'cancelled']);

const slug = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 24) || 'machines';

/** Rejects with the signal's reason once it is aborted; never resolves. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(AppError.of(signal.reason));
    signal.addEventListener('abort', () => reject(AppError.of(signal.reason)), { once: true });
  });

/** Training runs: freezes a dataset, starts and watches a trainer, hands what it made to the registry. One trains at a time. */
export class Runs {
  readonly #parts: RunParts;
  readonly #runListeners = new Set<(run: Run) => void>();
  readonly #epochListeners = new Set<(run: RunId, record: EpochRecord) => void>();
  /** Ends when the run before does. */
  #turn: Promise<void> = Promise.resolve();

  /** Runs that an earlier engine left going are marked cut. */
  constructor(parts: RunParts) {
    this.#parts = parts;
    for (const run of parts.plant.runs.list()) if (live.has(run.state)) parts.plant.runs.update(run.id, { state: 'cut', endedAt: parts.clock.now() });
  }

  /**
   * Starts a run; it goes on by itself.
   * @throws AppError('task-not-supported' | 'no-labels' | 'too-little-data' | 'not-found' | 'input-invalid') before anything is started
   */
  train(request: TrainRequest, cause: Run['cause']): RunStarted {
    const { plant, clock, jobs } = this.#parts;
    if (request.search !== null && request.task === 'anomaly') throw new AppError('input-invalid', "a search chooses by failures that were held out, which 'anomaly' does not know; train it without a search", { task: request.task });
    const machineType = machineTypeFor(plant, request.task, request.machineType);
    const config = this.#configOf(request, machineType);
    const id = this.#newId(request.task, machineType);
    if (request.search !== null) beginSearch(this.#folderOf(id), config.seed, request.search.minutes);
    const job = jobs.start({ kind: 'train', subject: id, unit: 'epochs', request }, (context) => this.#work(id, false, context));
    plant.runs.create({ id, job, task: request.task, machineType, cause, config, startedAt: clock.now() });
    this.#changed(id);
    return { job, run: id };
  }

  /**
   * Goes on with a run that was cut or cancelled, from its last checkpoint.
   * @throws AppError('not-found'), 'state-conflict' when it is running or has ended
   */
  resume(id: RunId): RunStarted {
    const run = this.get(id);
    if (!resumable.has(run.state)) throw new AppError('state-conflict', `run '${id}' is ${run.state}; only a run that was cut or cancelled can go on`, { run: id, state: run.state });
    const { plant, jobs } = this.#parts;
    const job = jobs.start({ kind: 'train', subject: id, unit: 'epochs', request: { resume: id } }, (context) => this.#work(id, true, context));
    plant.runs.update(id, { job, state: 'freezing', error: null, endedAt: null });
    this.#changed(id);
    return { job, run: id };
  }

  /** @throws AppError('not-found') */
  get(id: RunId): Run {
    const run = this.#parts.plant.runs.get(id);
    if (run === undefined) throw new AppError('not-found', `there is no training run '${id}'`, { run: id });
    return run;
  }

  /** What the search of a run has tried; null where it does not search. @throws AppError('not-found' | 'file-unreadable') */
  search(id: RunId): SearchReport | null {
    return searchOf(this.#folderOf(this.get(id).id));
  }

  /** Newest first. */
  list(): Run[] {
    return this.#parts.plant.runs.list();
  }

  /** What labels and readings allow to learn. @throws AppError('not-found') for a type that no machine has */
  feasibility(request: FeasibilityRequest, signal?: AbortSignal): Promise<Feasibility[]> {
    return analyse(this.#parts.plant, request, this.#parts.qualityOf, signal);
  }

  /**
   * Metrics of a model on lives that it has not seen: another plant's, or this plant's that were not in its training part.
   * @throws AppError('not-found' | 'too-little-data' | 'model-damaged' | 'process-ended' | 'cancelled')
   */
  async evaluate(model: ModelId, plantFolder: string | null, context: Pick<JobContext, 'signal' | 'progress'>): Promise<EvaluationReport> {
    const { plant, clock, registry, askScorer } = this.#parts;
    const document = registry.documentOf(model);
    const run = plant.models.get(model)?.run ?? null;
    const frozen = plantFolder === null && run !== null && isFrozen(this.#folderOf(run)) ? await readFrozen(this.#folderOf(run)) : null;
    return evaluateModel({ plant, clock, askScorer, context }, { id: model, document, folder: registry.modelFolder(model), trainedOn: frozen }, plantFolder);
  }

  /** Hears each run that was started or changed; returns how to stop. */
  onRun(listener: (run: Run) => void): () => void {
    this.#runListeners.add(listener);
    return () => this.#runListeners.delete(listener);
  }

  onEpoch(listener: (run: RunId, record: EpochRecord) => void): () => void {
    this.#epochListeners.add(listener);
    return () => this.#epochListeners.delete(listener);
  }

  #folderOf(id: RunId): string {
    return join(this.#parts.folder, 'runs', id);
  }

  #changed(id: RunId): void {
    const run = this.get(id);
    for (const listener of this.#runListeners) listener(run);
  }

  #update(id: RunId, change: Parameters<Plant['runs']['update']>[1]): void {
    this.#parts.plant.runs.update(id, change);
    this.#changed(id);
  }

  #newId(task: string, machineType: string): RunId {
    const stamp = new Date(this.#parts.clock.now() / 1000).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
    const base = `${task}-${slug(machineType)}-${stamp}`;
    let name = base;
    for (let again = 2; this.#parts.plant.runs.get(RunId.parse(name)) !== undefined; again++) name = `${base}-${again}`;
    return RunId.parse(name);
  }

  /** The request's overrides over the defaults; a horizon in the unit that people see, in steps of the dataset. */
  #configOf({ task, config, horizon }: TrainRequest, machineType: string): TrainingConfig {
    const steps = task === 'failure' || task === 'fault' ? this.#horizonOf(config, horizon, machineType) : null;
    const whole = TrainingConfig.safeParse({ ...config, task, horizon: steps });
    if (!whole.success) throw new AppError('input-invalid', `the training configuration is not valid: ${whole.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`);
    return whole.data;
  }

  /** In steps of the dataset. */
  #horizonOf(config: TrainRequest['config'], horizon: number | null, machineType: string): number {
    const grid = gridOf(machinesOf(this.#parts.plant, machineType), machineType);
    const usual = Math.max(1, Math.round((HORIZON_SHARE * grid.life) / grid.step));
    return horizon === null ? (config.horizon ?? usual) : horizon / grid.stepInUnit;
  }

  async #work(id: RunId, resume: boolean, context: JobContext): Promise<unknown> {
    const before = this.#turn;
    const mine = Promise.withResolvers<void>();
    this.#turn = Promise.all([before, mine.promise]).then(() => undefined);
    try {
      context.progress('waiting', 0, null);
      await Promise.race([before, aborted(context.signal)]);
      return await this.#train(id, resume, context);
    } catch (thrown) {
      this.#ended(id, AppError.of(thrown));
      throw thrown;
    } finally {
      mine.resolve();
    }
  }

  async #train(id: RunId, resume: boolean, context: JobContext): Promise<{ run: RunId; model: ModelId }> {
    const { plant, clock, registry } = this.#parts;
    const { config, machineType } = this.get(id);
    const folder = this.#folderOf(id);
    const dataset = resume && isFrozen(folder) ? await readFrozen(folder) : await freeze(plant, machineType, config, folder, { signal: context.signal, settleCleaning: this.#parts.settleCleaning, progress: (done, total) => context.progress('freezing', done, total) });
    const count = (part: string): number => dataset.units.filter((unit) => unit.split === part).length;
    this.#update(id, { state: 'training', fingerprint: dataset.fingerprint, units: { train: count('train'), validation: count('validation') } });
    const trained = await this.#trainIn(id, folder, await this.#searched(id, folder, config, context), resume, context);
    const model = registry.register(join(folder, 'model'), id);
    this.#update(id, { state: 'done', bestEpoch: trained.bestEpoch, evaluation: trained.evaluation, model: model.id, error: null, endedAt: clock.now() });
    return { run: id, model: model.id };
  }

  /** The configuration to train: as it is, or what the run's search chooses; a search that was stopped goes on. */
  async #searched(id: RunId, folder: string, config: TrainingConfig, context: JobContext): Promise<TrainingConfig> {
    const begun = searchOf(folder);
    if (begun === null || begun.finished) return config;
    const { startTrainer, log } = this.#parts;
    const seconds = Math.round(60 * begun.minutes);
    const tell = (elapsedMs: number): void => context.progress('searching', Math.min(seconds, Math.round(elapsedMs / 1000)), seconds);
    tell(begun.elapsedMs);
    const report = await searchIn(startTrainer, { folder, config, minutes: begun.minutes }, { signal: context.signal, ready: (backend) => this.#update(id, { backend }), trial: (_trial, elapsedMs) => tell(elapsedMs) });
    const chosen = chosenConfig(report, config);
    log.info('a search is over', { run: id, trials: report.trials.length, chosen: report.chosen });
    this.#update(id, { config: chosen });
    return chosen;
  }

  #trainIn(id: RunId, folder: string, config: TrainingConfig, resume: boolean, context: JobContext): Promise<Trained> {
    const { plant, startTrainer } = this.#parts;
    context.progress('training', this.get(id).epochsDone, config.epochs);
    return trainIn(startTrainer, { folder, model: id, config, resume }, {
      signal: context.signal,
      ready: (backend) => this.#update(id, { backend }),
      backend: (use) => this.#update(id, { backend: use.backend, backends: [...this.get(id).backends, use] }),
      epoch: (record) => {
        plant.runs.addEpoch(id, record);
        context.progress('training', record.epoch, config.epochs);
        for (const listener of this.#epochListeners) listener(id, record);
        this.#changed(id);
      },
      evaluating: () => {
        context.progress('evaluating', config.epochs, config.epochs);
        this.#update(id, { state: 'evaluating' });
      },
    });
  }

  #ended(id: RunId, error: AppError): void {
    const state: RunState = error.code === 'cancelled' ? 'cancelled' : error.code === 'run-cut' || error.code === 'process-ended' ? 'cut' : 'failed';
    this.#parts.log.warn('a training run ended early', { run: id, state, error: error.message });
    this.#update(id, { state, error: state === 'cancelled' ? null : error.toDocument(), endedAt: this.#parts.clock.now() });
  }
}

export const createRuns = (parts: RunParts): Runs => new Runs(parts);
