import { calibratedValues } from '../../ml/evaluation/evaluate.ts';
import { guardHonesty } from '../../ml/honesty/guard.ts';
import { predictWindows } from '../../ml/models/predict.ts';
import { openPredictor } from '../../ml/predictor/predictor.ts';
import type { Prepared } from '../../ml/training/prepare.ts';
import type { TrainedModel } from '../../ml/training/train.ts';
import { validationWindows } from '../../ml/training/validate.ts';

/** The trained model with what the honesty guard says of it: judged by what is stored, wherever it was trained. */
export const withHonesty = async (prepared: Prepared, trained: TrainedModel): Promise<TrainedModel> => {
  const { document } = trained;
  const { network, weights } = openPredictor(document, trained.weights);
  const windows = validationWindows(prepared.validation);
  const values = (await predictWindows(network, weights, prepared.rows, windows)).map((output) => network.head.value(output));
  const honesty = guardHonesty({ prepared, judged: { windows, predicted: calibratedValues(values, document) } });
  return { ...trained, document: { ...document, evaluation: { ...document.evaluation, honesty } } };
};
