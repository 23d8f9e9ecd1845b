import { openDetector, predictAnomalies } from '../anomaly/predict.ts';
import type { ModelDocument } from '../documents/model.ts';
import type { Prediction } from '../documents/prediction.ts';
import { openPredictor } from './predictor.ts';
import { predictSlices, type RawSlice } from './predictSlices.ts';

/** A stored model of any task, ready to predict. */
export interface OpenModel {
  readonly document: ModelDocument;
  /** One prediction a slice, in the order given. @throws MlError 'input-invalid' when a slice's length is not rows * sensors */
  predict(slices: readonly RawSlice[]): Promise<Prediction[]>;
}

/**
 * A model out of model.json and weights.bin, whatever its task.
 * @throws MlError 'model-damaged' when they don't fit together
 */
export const openModel = (document: ModelDocument, weights: Uint8Array): OpenModel => {
  if (document.task === 'anomaly') {
    const opened = openDetector(document, weights);
    return { document, predict: (slices) => predictAnomalies(opened, slices) };
  }
  const predictor = openPredictor(document, weights);
  return { document, predict: (slices) => predictSlices(predictor, slices) };
};
