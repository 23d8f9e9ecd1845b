import type { NoForecast } from '../documents/prediction.ts';
import { missingShare, type NormalisedRows } from '../dataset/gather.ts';
import { outsideOf } from '../dataset/sensors/ground.ts';
import { unlikenessOf } from '../dataset/sensors/likeness.ts';
import { minimumHistory } from '../dataset/windows.ts';
import type { Predictor } from './predictor.ts';

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** Names of the inputs for which `bad` holds. */
const namesWhere = ({ document }: Predictor, bad: (input: number) => boolean): string =>
  document.inputs.flatMap((sensor, input) => (bad(input) ? [document.sensors[sensor]?.name ?? String(sensor)] : [])).join(', ');

const unmeasured = (rows: NormalisedRows, start: number, end: number, input: number): boolean => {
  for (let row = start; row <= end; row++) if (!Number.isNaN(rows.values[row * rows.inputs + input] ?? Number.NaN)) return false;
  return true;
};

/** Readings that are each within their range and together like none in training. */
const unlike = (predictor: Predictor, rows: NormalisedRows, start: number, end: number): NoForecast | null => {
  for (const likeness of predictor.document.ground.likeness ?? []) {
    const found = unlikenessOf(likeness, rows, start, end);
    if (found === null) continue;
    const sensors = namesWhere(predictor, (input) => found.inputs.includes(input));
    return { reason: 'unlike-training', detail: `together the readings are like none in the training data, most of all ${sensors}`, figures: { sensors, distance: found.distance, limit: likeness.limit } };
  }
  return null;
};

/**
 * Why the window that ends a slice gives no ground for a forecast; null when it does.
 * @param rows the slice's rows, normalised
 */
export const groundless = (predictor: Predictor, rows: NormalisedRows): NoForecast | null => {
  const { document } = predictor;
  const { window } = document.config;
  const count = rows.values.length / rows.inputs;
  const least = minimumHistory(window);
  if (count < least) return { reason: 'too-short', detail: `${count} of the ${least} steps needed at least`, figures: { steps: count, needed: least } };
  const end = count - 1;
  const start = Math.max(0, end - window + 1);
  const silent = namesWhere(predictor, (input) => unmeasured(rows, start, end, input));
  if (silent !== '') return { reason: 'sensor-missing', detail: silent, figures: { sensors: silent } };
  const missing = missingShare(rows, end, 0, window);
  if (missing > document.ground.missingShare) return { reason: 'too-many-gaps', detail: `${percent(missing)} of the window is missing, ${percent(document.ground.missingShare)} may be`, figures: { share: missing, most: document.ground.missingShare } };
  const { share, perInput } = outsideOf(document.ground, rows, start, end);
  if (share > document.ground.outsideShare) {
    const sensors = namesWhere(predictor, (input) => (perInput[input] ?? 0) >= 0.25);
    return { reason: 'unlike-training', detail: `${percent(share)} of the window lies outside of the training data: ${sensors}`, figures: { share, sensors } };
  }
  return unlike(predictor, rows, start, end);
};
