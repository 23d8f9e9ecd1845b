import { closeSync, cpSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { blockingFindings } from '../../ml/documents/honesty.ts';
import { ModelDocument } from '../../ml/documents/model.ts';
import type { Task } from '../../ml/documents/task.ts';
import { AppError } from '../contract/errors.ts';
import type { Model } from '../contract/training.ts';
import { ModelId, type RunId } from '../contract/values.ts';
import type { Clock } from '../engine/clock.ts';
import type { Plant } from '../store/plant.ts';
import { isBetter } from './skill.ts';

export interface RegistryParts {
  readonly plant: Pick<Plant, 'models'>;
  readonly clock: Clock;
  /** The plant's folder; models lie in models/<id>/. */
  readonly folder: string;
}

const sync = (path: string): void => {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
};

const UNFINISHED = '.new';

/** The models of a plant: their folders, which never change, and which of them is the champion of its task and machine type. */
export class Registry {
  readonly #parts: RegistryParts;
  readonly #folder: string;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
    this.#folder = join(parts.folder, 'models');
    mkdirSync(this.#folder, { recursive: true });
    for (const name of readdirSync(this.#folder)) if (name.endsWith(UNFINISHED)) rmSync(join(this.#folder, name), { recursive: true });
  }

  readonly modelFolder = (id: ModelId): string => join(this.#folder, id);

  /** model.json of a model. @throws AppError('not-found'), 'model-damaged' when its file can't be read */
  readonly documentOf = (id: ModelId): ModelDocument => {
    if (this.#parts.plant.models.get(id) === undefined) throw new AppError('not-found', `there is no model '${id}'`, { model: id });
    return readModel(this.modelFolder(id));
  };

  /** Newest first. */
  models(): Model[] {
    return this.#parts.plant.models.list();
  }

  /**
   * Takes over what a run has trained. It becomes champion when there is none, or when it beats its naive rivals by more than the champion
   * beats its own; else, or where the honesty guard has blocked it, it stays challenger.
   * @param trained the run's model folder
   * @throws AppError('model-damaged') when what lies there is no model; 'disk-full'
   */
  register(trained: string, run: RunId | null): Model {
    const { plant, clock } = this.#parts;
    const { id: name, task, machineType, fingerprint, backend, parameters, evaluation } = readModel(trained);
    const id = ModelId.parse(name);
    const known = plant.models.get(id);
    if (known !== undefined) return known;
    this.#copy(trained, id);
    const model = plant.models.add({ id, run, task, machineType, createdAt: clock.now(), fingerprint, backend, parameters, evaluation });
    if (blockingFindings(evaluation.honesty ?? null).length > 0) return model;
    const champion = plant.models.champion(task, machineType);
    return champion === undefined || isBetter(evaluation, champion.evaluation) ? plant.models.promote(id) : model;
  }

  /**
   * Makes a model the champion. One that the honesty guard has not looked at (it is older than the guard) may be: people decide.
   * @throws AppError('not-found'), 'state-conflict' when it is the champion already or the honesty guard has blocked it, 'model-damaged' when its files are gone
   */
  promote(id: ModelId): Model {
    const [first, ...more] = blockingFindings(this.documentOf(id).evaluation.honesty ?? null);
    if (first !== undefined) {
      const others = more.length === 0 ? '' : ` (and ${more.length} more: ${more.map(({ code }) => code).join(', ')})`;
      throw new AppError('state-conflict', `the model '${id}' can't be promoted, its evaluation can't be trusted: ${first.what}${others} ${first.remedy}`, { model: id, finding: first.code, columns: first.columns.join(', '), figure: first.figure, limit: first.limit, findings: 1 + more.length });
    }
    return this.#parts.plant.models.promote(id);
  }

  /** Back to the champion before this one. @throws AppError('state-conflict') when there was none */
  rollback(task: Task, machineType: string): Model {
    return this.#parts.plant.models.rollback(task, machineType);
  }

  /** Whole or not at all: copied under another name, synced, renamed. */
  #copy(trained: string, id: ModelId): void {
    const place = this.modelFolder(id);
    const temporary = `${place}${UNFINISHED}`;
    // Left by an engine that was killed before the model's row was written.
    if (existsSync(place)) rmSync(place, { recursive: true });
    try {
      cpSync(trained, temporary, { recursive: true });
      for (const file of readdirSync(temporary)) sync(join(temporary, file));
      renameSync(temporary, place);
      sync(this.#folder);
    } catch (thrown) {
      rmSync(temporary, { recursive: true, force: true });
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      throw new AppError('disk-full', `the model '${id}' could not be stored in ${this.#folder}: ${reason}; make room and take the run up again`, { model: id }, thrown);
    }
  }
}

/** @throws AppError('model-damaged') */
export const readModel = (folder: string): ModelDocument => {
  try {
    return ModelDocument.parse(JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')));
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('model-damaged', `the model in ${folder} can't be read (${reason}); train it again, or restore a backup`, { folder }, thrown);
  }
};

export const createRegistry = (parts: RegistryParts): Registry => new Registry(parts);
