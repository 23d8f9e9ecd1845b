import { machineCleaning } from '../../ml/dataset/cleaning/rows.ts';
import type { DatasetDocument } from '../../ml/documents/dataset.ts';
import type { ModelDocument } from '../../ml/documents/model.ts';
import type { Prediction } from '../../ml/documents/prediction.ts';
import { AppError } from '../contract/errors.ts';
import type { Slice } from '../contract/scorer.ts';
import type { ModelId } from '../contract/values.ts';
import type { Clock } from '../engine/clock.ts';
import type { JobContext } from '../engine/jobs.ts';
import type { Plant } from '../store/plant.ts';
import { collectMachine, joined, machinesOf, type CollectedUnits, type UnitStore } from './units.ts';

/** Predictions by the slices' `asset`. Rejects AppError('process-ended') when the scorer dies. */
export type AskScorer = (modelFolder: string, slices: Slice[]) => Promise<Map<number, Prediction>>;

export interface EvaluateParts {
  readonly plant: Plant;
  readonly clock: Clock;
  readonly askScorer: AskScorer;
  readonly context: Pick<JobContext, 'signal' | 'progress'>;
}

export interface ModelToEvaluate {
  readonly id: ModelId;
  readonly document: ModelDocument;
  readonly folder: string;
  /** The dataset of its run, when it is evaluated on the plant that it was trained on. */
  readonly trainedOn: DatasetDocument | null;
}

/** Slices in one question to the scorer. */
const BATCH = 256;

/** Collects the units of the model's machine type on its own grid. @throws AppError('too-little-data') where it is for other machines */
export const collectUnits = async (plant: UnitStore, { document }: ModelToEvaluate, turn: () => Promise<void>): Promise<CollectedUnits> => {
  const machines = machinesOf(plant, document.machineType);
  if (machines.length === 0) {
    const types = [...new Set(plant.assets.machines().map((asset) => asset.machineType))].join(', ') || 'none';
    throw new AppError('too-little-data', `that plant has no readings of a '${document.machineType}', which this model is for; it has ${types}`, { machineType: document.machineType });
  }
  for (const { asset, sensors } of machines) {
    const missing = document.sensors.filter(({ name }) => !sensors.some((sensor) => sensor.name === name)).map(({ name }) => name);
    if (missing.length === document.sensors.length) throw new AppError('too-little-data', `'${asset.name}' has none of the sensors that the model needs (${missing.join(', ')}); import them under these names`, { asset: asset.name });
  }
  const parts: CollectedUnits[] = [];
  for (const machine of machines) parts.push(await collectMachine(plant, machine, document.sensors, { step: document.step, least: 1 }, machineCleaning(document.cleaning, plant.assets.pathOf(machine.asset.id)), turn));
  return joined(parts);
};


/** Asks the scorer about many slices. @throws AppError('process-ended' | 'cancelled') */
export const ask = async ({ askScorer, context }: EvaluateParts, folder: string, slices: readonly Slice[]): Promise<Map<number, Prediction>> => {
  const answers = new Map<number, Prediction>();
  for (let from = 0; from < slices.length; from += BATCH) {
    if (context.signal.aborted) throw AppError.of(context.signal.reason);
    context.progress('evaluating', from, slices.length);
    for (const [id, prediction] of await askScorer(folder, slices.slice(from, from + BATCH))) answers.set(id, prediction);
  }
  return answers;
};
