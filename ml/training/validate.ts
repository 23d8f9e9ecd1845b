import { f1Of, confusionAt } from '../evaluation/confusion.ts';
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
  /** RMSE in steps for rul, F1 at p = 0.5 for failure, over all windows. */
  readonly metric: number;
}

/** Loss and headline metric of the weights on validation windows. */
export const validate = async (prepared: Prepared, windows: Windows, weights: Weights): Promise<Validation> => {
  const { network, rows } = prepared;
  const outputs = await predictWindows(network, weights, rows, windows);
  const byUnit = [...windowsByUnit(windows).values()];
  const meanLoss = (own: number[]): number =>
    own.reduce((sum, at) => sum + network.head.lossOf(outputs[at] ?? Number.NaN, network.head.target(windows.labels[at] ?? Number.NaN)), 0) / own.length;
  const loss = byUnit.reduce((sum, own) => sum + meanLoss(own), 0) / byUnit.length;
  const values = outputs.map((output) => network.head.value(output));
  return { loss, metric: prepared.config.task === 'rul' ? rmse(values, windows.labels) : f1Of(confusionAt(values, windows.labels, 0)) };
};
