import { chooseHealthyStep } from '../../ml/dataset/grid.ts';
import { healthyParts } from '../../ml/dataset/healthy.ts';
import type { TrainingConfig } from '../../ml/documents/config.ts';
import type { DatasetDocument, DatasetUnit } from '../../ml/documents/dataset.ts';
import { AppError } from '../contract/errors.ts';
import { medianLife, unitOf, type MachineLives } from './units.ts';

/** Grid of healthy running: as fine as the readings, unless that makes more rows than can be trained on in minutes. @throws AppError('too-little-data') */
export const healthyGrid = (machines: readonly MachineLives[], machineType: string): Pick<DatasetDocument, 'axis' | 'step' | 'unit' | 'stepInUnit'> => {
  const [first] = machines;
  if (first === undefined) throw new AppError('too-little-data', `no machine of type '${machineType}' has readings; import its sensor logs first`, { machineType });
  const { axis } = first.asset;
  const lives = machines.flatMap((machine) => machine.lives);
  const whole = lives.reduce((sum, { start, end }) => sum + end - start, 0);
  const step = chooseHealthyStep(axis, whole, axis === 'time' ? Math.min(...machines.map(({ interval }) => interval)) : null);
  return { axis, step, ...unitOf(axis, step, medianLife(lives)) };
};

/**
 * What is learned from and what is judged on: the running of each machine away from its failures, the earlier to learn, the later to judge.
 * @throws AppError('too-little-data') when no machine ran long enough
 */
export const splitHealthy = (units: readonly Omit<DatasetUnit, 'split'>[], machineType: string, { window, validationShare }: TrainingConfig, step: number): DatasetUnit[] => {
  const parts = units.flatMap((unit) => healthyParts(unit, window, validationShare, step));
  if (!parts.some(({ split }) => split === 'train') || !parts.some(({ split }) => split === 'validation'))
    throw new AppError('too-little-data', `no machine of type '${machineType}' has run for long enough away from failures: stretches of ${Math.ceil((4 * window) / validationShare)} rows are needed, or a smaller window than ${window}; import longer logs`, { machineType, window });
  return parts;
};
