import { beforeAll, expect, it } from 'vitest';
import { loadTfjsNode } from '../backend/tfjs.ts';
import { TrainingConfig } from '../documents/config.ts';
import { predictSlices } from '../predictor/predictSlices.ts';
import { openPredictor, type Predictor } from '../predictor/predictor.ts';
import { fleet, smallFleet } from '../testdata/fleet.ts';
import { prepare } from '../training/prepare.ts';
import { train } from '../training/train.ts';

const data = fleet({ ...smallFleet, units: 9, validates: 3 });
let predictor: Predictor;

beforeAll(async () => {
  await loadTfjsNode();
  const config = TrainingConfig.parse({ task: 'rul', window: 16, pooling: 1, members: 1, filters: 8, blocks: 1, kernel: 3, dense: 8, epochs: 5, batch: 64, learningRate: 0.01 });
  const trained = await train(prepare(data, config), { model: 'm', backend: 'cpu', versions: {}, sha256: () => 'hash' }, {
    epoch: () => undefined, checkpoint: () => Promise.resolve(), breathe: () => Promise.resolve(), evaluating: () => undefined, signal: new AbortController().signal, now: () => 0,
  });
  predictor = openPredictor(trained.document, trained.weights);
}, 60_000);

/** The last rows of a unit's life, as the model's sensors. */
const endOf = (unit: number): { rows: number; values: Float32Array } => {
  const { sensors } = data.document;
  const { offset, rows } = data.document.units[unit] ?? { offset: 0, rows: 0 };
  const places = predictor.document.sensors.map(({ name }) => sensors.findIndex((sensor) => sensor.name === name));
  const first = offset + rows - 16;
  return { rows: 16, values: Float32Array.from({ length: 16 * places.length }, (_, cell) => data.values[(first + Math.floor(cell / places.length)) * sensors.length + (places[cell % places.length] ?? 0)] ?? Number.NaN) };
};
const ends = (): ReturnType<typeof endOf>[] => data.document.units.map((_, unit) => endOf(unit));

it('tells what wears near the end of life, as shares that sum to 1', async () => {
  for (const { drivers } of await predictSlices(predictor, ends())) {
    expect(drivers.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(['rising', 'falling']).toContain(drivers[0]?.sensor);
  }
});

it('tells it too where no life is left: the forecast stands at 0, what says so does not', async () => {
  const parameters = predictor.weights.parameters.slice();
  for (const { offset } of predictor.network.outputBiases) parameters[offset] = (parameters[offset] ?? 0) - 0.5;
  const predictions = await predictSlices({ ...predictor, weights: { ...predictor.weights, parameters } }, ends());
  expect(predictions.map(({ rul }) => rul?.median)).toEqual(ends().map(() => 0));
  for (const { drivers } of predictions) expect(['rising', 'falling']).toContain(drivers[0]?.sensor);
});
