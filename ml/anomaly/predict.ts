import type { ModelDocument } from '../documents/model.ts';
import type { Driver, NoForecast, Prediction } from '../documents/prediction.ts';
import { MlError } from '../errors.ts';
import { decodeWeights } from '../models/weights.ts';
import { channelsFor, followWith, type Detector } from './detector.ts';
import { filledRows } from './healthy.ts';
import { CHANNELS } from './channels.ts';
import { buildAnomalyNetwork } from './network.ts';

/** A stored detector, ready to look at slices. */
export interface OpenedDetector {
  readonly document: ModelDocument;
  readonly detector: Detector;
}

/** Raw rows of one machine, oldest first: row-major [rows, sensors of the model], NaN where nothing was measured. */
interface Slice {
  readonly rows: number;
  readonly values: Float32Array;
}

/** @throws MlError 'model-damaged' when document and weights don't fit together */
export const openDetector = (document: ModelDocument, weights: Uint8Array): OpenedDetector => {
  const { anomaly } = document;
  if (anomaly === null) throw new MlError('model-damaged', `The model ${document.id} is for anomalies, but its document lacks their limit. Train it again.`);
  const { settings, limit, relations, level, variance, follow } = anomaly;
  const network = buildAnomalyNetwork({ inputs: document.inputs.length, window: settings.window, filters: settings.filters, code: settings.code });
  const built = network.parameters.map(({ name, shape }) => `${name}[${shape.join(',')}]`).join(' ');
  const stored = document.weights.map(({ name, shape }) => `${name}[${shape.join(',')}]`).join(' ');
  const channels = document.inputs.length * CHANNELS.length;
  if (built !== stored || level.length !== channels || variance.length !== channels) throw new MlError('model-damaged', `The model ${document.id} was stored with other layers than its settings build. Train it again.`);
  const { parameters } = decodeWeights({ parameters: network.parameters, statistics: [] }, weights);
  return { document, detector: { network, parameters, settings, limit, relations, wander: { level, variance, follow }, rows: 0 } };
};

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** Why a slice gives no ground to judge the machine's running; null when it does. What is far from all healthy running is ground: it is an anomaly. */
const groundless = ({ document, detector: { settings } }: OpenedDetector, { rows, values }: Slice): NoForecast | null => {
  const least = settings.window + settings.smoothing;
  if (rows < least) return { reason: 'too-short', detail: `${rows} of the ${least} steps needed at least` };
  const width = document.sensors.length;
  const from = rows - least;
  const missing = document.inputs.map((sensor) => {
    let count = 0;
    for (let row = from; row < rows; row++) if (Number.isNaN(values[row * width + sensor] ?? Number.NaN)) count++;
    return count / least;
  });
  const silent = document.inputs.flatMap((sensor, input) => (missing[input] === 1 ? [document.sensors[sensor]?.name ?? String(sensor)] : []));
  if (silent.length > 0) return { reason: 'sensor-missing', detail: silent.join(', ') };
  const share = missing.reduce((sum, one) => sum + one, 0) / missing.length;
  return share > document.ground.missingShare ? { reason: 'too-many-gaps', detail: `${percent(share)} of the newest ${least} steps is missing, ${percent(document.ground.missingShare)} may be` } : null;
};

/** Shares of the evidence by sensor, largest first. */
const driversOf = ({ document }: OpenedDetector, evidence: Float64Array): Driver[] => {
  const bySensor = document.inputs.map((sensor, input) => ({
    sensor: document.sensors[sensor]?.name ?? String(sensor),
    told: CHANNELS.reduce((sum, _, channel) => sum + Math.max(0, evidence[input * CHANNELS.length + channel] ?? 0), 0),
  }));
  const whole = bySensor.reduce((sum, { told }) => sum + told, 0);
  return whole === 0 ? [] : bySensor.map(({ sensor, told }) => ({ sensor, share: told / whole })).filter(({ share }) => share > 0).sort((a, b) => b.share - a.share);
};

const nothing = { rul: null, failure: null, fault: null, anomaly: null };

const predictOne = async (opened: OpenedDetector, slice: Slice): Promise<Prediction> => {
  const { document, detector } = opened;
  if (slice.values.length !== slice.rows * document.sensors.length)
    throw new MlError('input-invalid', `A slice for model ${document.id} should hold ${slice.rows} rows of ${document.sensors.length} sensors, but holds ${slice.values.length} values.`);
  const noForecast = groundless(opened, slice);
  if (noForecast !== null) return { ...nothing, drivers: [], noForecast };
  const stretch = { from: 0, to: slice.rows };
  const rows = filledRows(document.normalisation, slice.values, document.sensors.length, document.inputs, [stretch]);
  const channels = await channelsFor(detector, rows, [stretch]);
  const { window, smoothing } = detector.settings;
  let score = 0;
  let above = 0;
  let newest = new Float64Array();
  followWith(detector, channels, stretch, (row, own, evidence) => {
    score = own;
    // Fewer rows than are smoothed over say little: since when is told from whole ones alone.
    above = own > 1 ? (row >= window + smoothing - 1 ? above + 1 : 0) : 0;
    if (row === slice.rows - 1) newest = evidence.slice();
  });
  const share = Math.max(0, score);
  return { ...nothing, anomaly: { score: share * detector.limit, limit: detector.limit, share, stepsAbove: above === 0 ? null : above }, drivers: driversOf(opened, newest), noForecast: null };
};

/**
 * One prediction a slice, in the order given; where a slice gives no ground, the reason instead.
 * @throws MlError 'input-invalid' when a slice's length is not rows * sensors
 */
export const predictAnomalies = async (opened: OpenedDetector, slices: readonly Slice[]): Promise<Prediction[]> => {
  const predictions: Prediction[] = [];
  for (const slice of slices) predictions.push(await predictOne(opened, slice));
  return predictions;
};
