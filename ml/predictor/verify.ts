import { ModelDocument } from '../documents/model.ts';
import { MlError } from '../errors.ts';
import { gatherBatch, gatherWindow } from '../dataset/gather.ts';
import { selectWindows } from '../dataset/windows.ts';
import { predictCells } from '../models/predict.ts';
import type { Prepared } from '../training/prepare.ts';
import type { TrainedModel } from '../training/train.ts';
import { normaliseFor, openPredictor, type Predictor } from './predictor.ts';

/** Validation windows that a stored model is asked about, spread over all of them. */
const ASKED = 64;
/** Difference of normalised values below which two windows are the same: float32 and nothing else. */
const SAME = 1e-3;

const checkDocument = (document: ModelDocument): void => {
  const parsed = ModelDocument.safeParse(JSON.parse(JSON.stringify(document)));
  if (parsed.success) return;
  const places = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))].slice(0, 5).join(', ');
  throw new MlError('training-diverged', `The trained model is not stored: it has no numbers at ${places}. Take a smaller learning rate, or leave out the sensors whose values are furthest apart.`, { places });
};

/** Raw rows of one validation window as the engine would send them: the model's sensors alone, none from before the unit. */
const sliceOf = ({ document }: Predictor, { dataset }: Prepared, end: number, first: number): Float32Array => {
  const { sensors } = dataset.document;
  const places = document.sensors.map(({ name }) => sensors.findIndex((sensor) => sensor.name === name));
  const start = Math.max(first, end - document.config.window + 1);
  return Float32Array.from({ length: (end - start + 1) * places.length }, (_, cell) => dataset.values[(start + Math.floor(cell / places.length)) * sensors.length + (places[cell % places.length] ?? 0)] ?? Number.NaN);
};

/**
 * Opens a trained model from what is to be stored, and asks it about its own validation windows the way the scorer will: it must see them as
 * it saw them in training, and answer with numbers.
 * @throws MlError 'training-diverged' when it does not answer with numbers, 'model-damaged' when it sees other windows
 */
export const verifyStored = async ({ document, weights }: TrainedModel, prepared: Prepared): Promise<void> => {
  checkDocument(document);
  const predictor = openPredictor(document, weights);
  const { network } = predictor;
  const { validation } = prepared;
  const every = Math.max(1, Math.floor(validation.ends.length / ASKED));
  const windows = selectWindows(validation, [...validation.ends.keys()].filter((at) => at % every === 0));
  const size = network.window * network.inputs;
  const cells = new Float32Array(windows.ends.length * size);
  windows.ends.forEach((end, at) => {
    const rows = normaliseFor(predictor, sliceOf(predictor, prepared, end, windows.firsts[at] ?? 0));
    gatherWindow(rows, rows.values.length / rows.inputs - 1, 0, network.window, cells, at * size);
  });
  const seen = gatherBatch(prepared.rows, windows, [...windows.ends.keys()], network.window);
  const other = seen.findIndex((value, cell) => !(Math.abs(value - (cells[cell] ?? Number.NaN)) <= SAME));
  if (other !== -1) throw new MlError('model-damaged', `The trained model is not stored: from ${document.id}'s document its validation windows are not what it was trained on. This is a bug; report it with the run's folder.`, { window: Math.floor(other / size) });
  const outputs = (await predictCells(network, predictor.weights, cells, windows.ends.length)).map((output) => network.head.value(output));
  if (!outputs.every(Number.isFinite)) throw new MlError('training-diverged', `The trained model is not stored: asked about its own validation windows it answers with no numbers. Take a smaller learning rate (now ${document.config.learningRate}) or keep gradient clipping on.`, { learningRate: document.config.learningRate });
};
