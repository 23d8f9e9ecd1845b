import type { TrainingConfig } from '../documents/config.ts';
import type { ModelDocument } from '../documents/model.ts';
import { normalisedRows, type NormalisedRows } from './gather.ts';
import { normalise } from './normalisation.ts';

/**
 * An input gets a mask where a larger share of its training cells is missing and lies behind more missing rows than this. Of shorter gaps the
 * last value tells as much; of fewer, too few windows show what a gap means.
 */
const STALE = { share: 0.05, rows: 3 };

/**
 * The inputs that the network is told of which rows were missing (masks as input; Che et al. 2018), by their position among the inputs. An
 * input without a gap, or without a value, in the training part has nothing to tell.
 * @param rows normalised rows of the training part
 */
export const chooseMasks = (rows: NormalisedRows, wanted: TrainingConfig['maskInputs']): number[] => {
  if (wanted === 'off' || !rows.gaps) return [];
  const count = rows.values.length / rows.inputs;
  return Array.from({ length: rows.inputs }, (_, input) => input).filter((input) => {
    let [missing, stale, run] = [0, 0, 0];
    for (let cell = input; cell < rows.values.length; cell += rows.inputs) {
      run = Number.isNaN(rows.values[cell] ?? Number.NaN) ? run + 1 : 0;
      if (run > 0) missing++;
      if (run > STALE.rows) stale++;
    }
    return missing < count && (wanted === 'on' ? missing > 0 : stale > STALE.share * count);
  });
};

/**
 * Rows with a mask column behind the inputs for each of `masks`: 1 where that input was not measured, else 0.
 * @returns row-major [rows, inputs + masks]
 */
export const withMasks = (rows: NormalisedRows, masks: readonly number[]): NormalisedRows => {
  if (masks.length === 0) return rows;
  const count = rows.values.length / rows.inputs;
  const width = rows.inputs + masks.length;
  const values = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    values.set(rows.values.subarray(row * rows.inputs, (row + 1) * rows.inputs), row * width);
    masks.forEach((input, at) => (values[row * width + rows.inputs + at] = Number.isNaN(rows.values[row * rows.inputs + input] ?? Number.NaN) ? 1 : 0));
  }
  return { values, inputs: width, gaps: rows.gaps, masks: masks.length };
};

/**
 * Raw rows of a model's sensors as its network sees them: the one way for what is learned from and what is predicted from.
 * @param values row-major [rows, sensors], in the order of the model's sensors
 * @returns row-major [rows, inputs + masks]
 */
export const rowsForModel = ({ normalisation, sensors, inputs, masks }: Pick<ModelDocument, 'normalisation' | 'sensors' | 'inputs' | 'masks'>, values: Float32Array): NormalisedRows =>
  withMasks(normalisedRows(normalise(normalisation, values, sensors.length, inputs), inputs.length), masks);
