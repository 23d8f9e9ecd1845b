import type { TrainingConfig } from '../documents/config.ts';
import { f1Of, confusionAt } from '../evaluation/confusion.ts';
import { classify, saidOf } from '../evaluation/faultMetrics.ts';
import { rmse } from '../evaluation/rmse.ts';
import { windowsByUnit, selectWindows, type Windows } from '../dataset/windows.ts';
import { predictWindows, type Weights } from '../models/predict.ts';
import type { Prepared } from './prepare.ts';

/** Windows of one unit looked at in each epoch; evenly spread, the last one among them. */
const MOST_A_UNIT = 250;

/** The windows that every epoch is validated on: spread over each unit's life, as if it were cut off there. */
export const validationWindows = (windows: Windows): Windows =>
  selectWindows(
    windows,
    [...windowsByUnit(windows).values()].flatMap((own) => {
      const stride = Math.ceil(own.length / MOST_A_UNIT);
      return own.filter((_, at) => (own.length - 1 - at) % stride === 0);
    }),
  );

export interface Validation {
  /** Mean over units of the mean over their windows: what one random cut a unit gives on average. */
  readonly loss: number;
  /** RMSE in steps for rul, F1 at p = 0.5 for failure, macro-F1 for fault, over all windows. */
  readonly metric: number;
}

const headline = ({ task }: TrainingConfig, values: Float32Array, labels: Float32Array, outputs: number): number => {
  if (task === 'rul') return rmse(values, labels);
  if (task === 'failure') return f1Of(confusionAt(values, labels, 0));
  return classify(saidOf(values, outputs), labels, Array.from({ length: outputs }, (_, at) => String(at))).macroF1;
};

/** Loss and headline metric of the weights on validation windows. */
export const validate = async (prepared: Prepared, windows: Windows, weights: Weights): Promise<Validation> => {
  const { network, rows, config } = prepared;
  const { head } = network;
  const outputs = await predictWindows(network, weights, rows, windows);
  const byUnit = [...windowsByUnit(windows).values()];
  const meanLoss = (own: number[]): number =>
    own.reduce((sum, at) => sum + head.lossOf(outputs.subarray(at * head.outputs, (at + 1) * head.outputs), head.target(windows.labels[at] ?? Number.NaN)), 0) / own.length;
  const loss = byUnit.reduce((sum, own) => sum + meanLoss(own), 0) / byUnit.length;
  return { loss, metric: headline(config, outputs.map((output) => head.value(output)), windows.labels, head.outputs) };
};
