import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rowsForModel } from '../../ml/dataset/masks.ts';
import { faultAt } from '../../ml/dataset/faults.ts';
import { stepsToFailure } from '../../ml/dataset/table.ts';
import type { Windows } from '../../ml/dataset/windows.ts';
import { DatasetDocument, type DatasetUnit } from '../../ml/documents/dataset.ts';
import type { ModelDocument } from '../../ml/documents/model.ts';
import type { Prediction } from '../../ml/documents/prediction.ts';
import { evaluatePoints } from '../../ml/evaluation/evaluate.ts';
import { rmse } from '../../ml/evaluation/rmse.ts';
import { largest } from '../../ml/evaluation/softmax.ts';
import { AppError } from '../contract/errors.ts';
import type { Slice } from '../contract/scorer.ts';
import type { EvaluationReport } from '../contract/training.ts';
import { createTurns } from '../engine/turns.ts';
import { DATABASE_FILE, openPlant } from '../store/plant.ts';
import { evaluateDetector } from './evaluateDetector.ts';
import { ask, collectUnits, type EvaluateParts, type ModelToEvaluate } from './judging.ts';
import type { CollectedUnits, UnitStore } from './units.ts';

/** Where a life that was recorded up to its failure is judged: at these shares of its rows. One cut off before is judged at its last row. */
const CUTS = [0.3, 0.5, 0.7, 0.8, 0.9, 0.97] as const;
interface Judged {
  readonly unit: number;
  readonly row: number;
}

/** The rows at which a unit is judged: none where the truth is not known. */
const judgedRows = (unit: Omit<DatasetUnit, 'split'>, step: number): number[] => {
  if (unit.failureAt === null) return [];
  const last = unit.rows - 1;
  const cutOff = unit.failureAt - (unit.start + last * step) > step;
  return cutOff ? [last] : [...new Set(CUTS.map((share) => Math.round(share * last)))];
};

const sliceOf = ({ units, values }: CollectedUnits, { unit: index, row }: Judged, { document }: ModelToEvaluate, id: number): Slice | null => {
  const unit = units[index];
  if (unit === undefined) return null;
  const width = document.sensors.length;
  const rows = Math.min(document.config.window, row + 1);
  const end = unit.offset + row + 1;
  return { asset: id, rows, values: values.slice((end - rows) * width, end * width) };
};

/** What was predicted: in steps of the model, as a probability, or as the probabilities of its classes; null where there was no ground. */
const valuesOf = (prediction: Prediction | undefined, { stepInUnit }: ModelDocument): readonly number[] | null => {
  if (prediction === undefined || prediction.noForecast !== null) return null;
  if (prediction.fault !== null) return prediction.fault.classes.map(({ p }) => p);
  if (prediction.rul !== null) return [prediction.rul.median / stepInUnit];
  return prediction.failure === null ? null : [prediction.failure.p];
};

/** NaN where the failure is of a kind that the model doesn't know. */
const truthOf = (unit: Omit<DatasetUnit, 'split'>, row: number, { step, config, fault }: ModelDocument): number => {
  const whole: DatasetUnit = { ...unit, split: 'test' };
  if (fault !== null) return faultAt(whole, row, step, config.horizon ?? 0, fault.classes);
  const left = stepsToFailure(whole, row, step) ?? Number.NaN;
  return config.task === 'failure' ? Number(left <= (config.horizon ?? 0)) : Math.min(config.rulCap ?? left, left);
};

/** Windows that end at the judged rows of their units, with the truth there. */
const windowsAt = (collected: CollectedUnits, judged: readonly Judged[], model: ModelDocument): Windows => {
  const unitAt = (at: number): Omit<DatasetUnit, 'split'> | undefined => collected.units[judged[at]?.unit ?? -1];
  return {
    ends: Int32Array.from(judged, ({ row }, at) => (unitAt(at)?.offset ?? 0) + row),
    firsts: Int32Array.from(judged, (_, at) => unitAt(at)?.offset ?? 0),
    units: Int32Array.from(judged, ({ unit }) => unit),
    labels: Float32Array.from(judged, ({ row }, at) => {
      const unit = unitAt(at);
      return unit === undefined ? Number.NaN : truthOf(unit, row, model);
    }),
  };
};

interface Scored extends Judged {
  readonly values: readonly number[] | null;
  readonly reason: string | null;
}

/** One value as people read it, and the class that it speaks for: life in the model's unit, the probability of a failure, or that any fault is present. */
const toldOf = (values: readonly number[] | null, { fault, config, stepInUnit }: ModelDocument): { predicted: number | null; predictedClass: string | null } => {
  const [first] = values ?? [];
  if (values === null || first === undefined) return { predicted: null, predictedClass: null };
  if (fault !== null) return { predicted: 1 - first, predictedClass: fault.classes[largest(values)] ?? null };
  return { predicted: config.task === 'rul' ? first * stepInUnit : first, predictedClass: null };
};

const perAsset = (collected: CollectedUnits, scored: readonly Scored[], model: ModelDocument): EvaluationReport['perAsset'] => {
  const { config, fault, stepInUnit } = model;
  const scale = config.task === 'rul' ? stepInUnit : 1;
  return collected.units.flatMap((unit, index) => {
    const own = scored.filter((one) => one.unit === index);
    const last = own.at(-1);
    if (last === undefined) return [];
    const known = own.flatMap(({ values, row }) => (values?.[0] === undefined ? [] : [{ value: values[0], truth: truthOf(unit, row, model) }]));
    const rmseOfUnit = config.task === 'rul' && known.length > 0 ? scale * rmse(known.map(({ value }) => value), known.map(({ truth }) => truth)) : null;
    const truth = truthOf(unit, last.row, model);
    const truths = fault === null ? { truth: scale * truth, truthClass: null } : { truth: Math.min(1, truth), truthClass: fault.classes[truth] ?? null };
    return [{ asset: unit.asset, points: known.length, rmse: rmseOfUnit, ...toldOf(last.values, model), ...truths, noForecast: last.reason }];
  });
};

const evaluateOn = async (parts: EvaluateParts, model: ModelToEvaluate, plant: UnitStore): Promise<EvaluationReport> => {
  const { document } = model;
  if (document.anomaly !== null) return evaluateDetector(parts, model, document.anomaly, plant);
  const all = await collectUnits(plant, model, createTurns(parts.context.signal));
  const seen = new Set((model.trainedOn?.units ?? []).filter((unit) => unit.split === 'train').map((unit) => `${unit.asset} ${unit.start}`));
  const collected = { ...all, units: all.units.filter((unit) => !seen.has(`${unit.asset} ${unit.start}`)) };
  const judged = collected.units.flatMap((unit, index) => judgedRows(unit, document.step).flatMap((row): Judged[] => (Number.isNaN(truthOf(unit, row, document)) ? [] : [{ unit: index, row }])));
  if (judged.length === 0) throw new AppError('too-little-data', `no life of a '${document.machineType}' there has a known failure that the model has not been trained on; import failures as events`, { machineType: document.machineType });
  const answers = await ask(parts, model.folder, judged.flatMap((one, id) => sliceOf(collected, one, model, id) ?? []));
  const scored = judged.map((one, id): Scored => ({ ...one, values: valuesOf(answers.get(id), document), reason: answers.get(id)?.noForecast?.reason ?? null }));
  const known = scored.filter((one) => one.values !== null);
  if (known.length === 0) throw new AppError('too-little-data', `the model has no ground on any of these machines: ${[...new Set(scored.map((one) => answers.get(scored.indexOf(one))?.noForecast?.detail))].slice(0, 3).join('; ')}`);
  const rows = rowsForModel(document, collected.values);
  const { axis, step, unit, stepInUnit, sensors, machineType, task } = document;
  const dataset = DatasetDocument.parse({ version: 1, task, machineType, axis, step, unit, stepInUnit, sensors, units: collected.units.map((one) => ({ ...one, split: 'test' })), rows: collected.rows, fingerprint: '', leftOut: [] });
  const points = { document: dataset, rows, windows: windowsAt(collected, known, document), window: document.config.window };
  const evaluation = evaluatePoints(points, document.config, Float32Array.from(known.flatMap(({ values }) => values ?? [])), document, document.baselines);
  return { model: model.id, evaluation, perAsset: perAsset(collected, scored, document) };
};

/**
 * Judges a model on lives that it has not seen. A life that stops before its known failure (C-MAPSS's test units) is judged at its last row;
 * one that runs to failure at several rows, each knowing only what came before it.
 * @param plantFolder another plant's folder; null: this plant, without what the model was trained on
 * @throws AppError('not-found' | 'too-little-data' | 'process-ended' | 'cancelled')
 */
export const evaluateModel = async (parts: EvaluateParts, model: ModelToEvaluate, plantFolder: string | null): Promise<EvaluationReport> => {
  if (plantFolder === null) return evaluateOn(parts, model, parts.plant);
  if (!existsSync(join(plantFolder, DATABASE_FILE))) throw new AppError('not-found', `${plantFolder} is no plant's folder: there is no ${DATABASE_FILE} in it`, { folder: plantFolder });
  // Only looked at: its own engine may have it open.
  const other = openPlant(plantFolder, { clock: parts.clock, readOnly: true });
  try {
    return await evaluateOn(parts, model, other);
  } finally {
    other.close();
  }
};
