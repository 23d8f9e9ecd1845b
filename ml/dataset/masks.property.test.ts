import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTfjsNode } from '../backend/tfjs.ts';
import { TrainingConfig } from '../documents/config.ts';
import { openPredictor, type Predictor } from '../predictor/predictor.ts';
import { predictSlices } from '../predictor/predictSlices.ts';
import { fleet, smallFleet } from '../testdata/fleet.ts';
import { prepare } from '../training/prepare.ts';
import { train } from '../training/train.ts';
import { augment } from './augmentation.ts';
import { gatherWindow, normalisedRows } from './gather.ts';
import { chooseMasks, rowsForModel, withMasks } from './masks.ts';
import { fitNormalisation } from './normalisation.ts';
import { Random } from './random.ts';
import { unitsIn, type Dataset } from './table.ts';

/** The small fleet with silences of ten rows in 'rising' and single holes in 'falling'. */
const holed = (): Dataset => {
  const whole = fleet({ ...smallFleet, units: 8, life: [40, 60] });
  const random = Random.of(3, 'holes');
  const width = whole.document.sensors.length;
  let silent = 0;
  const values = whole.values.map((value, cell) => {
    if (cell % width === 0) silent = silent > 0 ? silent - 1 : random.next() < 0.03 ? 10 : 0;
    return (cell % width === 0 && silent > 0) || (cell % width === 1 && random.next() < 0.15) ? Number.NaN : value;
  });
  return { ...whole, values };
};

describe('masks as input', () => {
  const rows = normalisedRows(Float32Array.from([1, Number.NaN, 2, 0, Number.NaN, Number.NaN, 3, 1, Number.NaN]), 3);

  it('stand behind the inputs: 1 where nothing was measured', () => {
    const masked = withMasks(rows, [1]);
    expect(masked).toMatchObject({ inputs: 4, masks: 1 });
    expect(Array.from(masked.values)).toEqual([1, Number.NaN, 2, 1, 0, Number.NaN, Number.NaN, 1, 3, 1, Number.NaN, 0]);
    const window = new Float32Array(12);
    gatherWindow(masked, 2, 0, 3, window, 0);
    expect(Array.from(window)).toEqual([1, 0, 2, 1, 0, 0, 2, 1, 3, 1, 2, 0]);
    expect(withMasks(rows, [])).toBe(rows);
  });

  it('are left as they are by noise, factors and gaps made for training', () => {
    const cells = Float32Array.from([1, 2, 1, 3, 4, 0, 5, 6, 1]);
    augment(cells, 3, 3, { jitter: 1, scaling: 1, masking: 1, windowWarp: 0, pooling: 1 }, Random.of(1, 'masks'), Float32Array.of(1, 1));
    expect([2, 5, 8].map((cell) => cells[cell])).toEqual([1, 0, 1]);
    expect(cells[0]).not.toBe(1);
  });

  it('are chosen where a sensor falls silent, or where anything is missing when they are asked for', () => {
    const dataset = holed();
    const chosen = (maskInputs: TrainingConfig['maskInputs']): readonly number[] => {
      const { inputs, masks } = prepare(dataset, TrainingConfig.parse({ task: 'rul', window: 12, maskInputs }));
      return masks.map((input) => inputs[input] ?? -1);
    };
    expect([chosen('auto'), chosen('on'), chosen('off')]).toEqual([[0], [0, 1], []]);
    expect([chooseMasks(rows, 'auto'), chooseMasks(rows, 'on')]).toEqual([[], [1, 2]]);
    expect(chooseMasks(normalisedRows(Float32Array.from([Number.NaN, Number.NaN]), 1), 'on')).toEqual([]);
  });
});

describe('a value planted in the future', () => {
  const dataset = holed();
  const width = dataset.document.sensors.length;
  const config = TrainingConfig.parse({ task: 'rul', window: 12, pooling: 1, members: 1, filters: 4, blocks: 1, kernel: 3, dense: 4, epochs: 1, stride: 4 });
  let predictor: Predictor;

  beforeAll(async () => {
    await loadTfjsNode();
    const trained = await train(prepare(dataset, config), { model: 'm', backend: 'cpu', versions: {}, sha256: () => 'hash' }, {
      epoch: () => undefined, checkpoint: () => Promise.resolve(), breathe: () => Promise.resolve(), evaluating: () => undefined, signal: new AbortController().signal, now: () => 0,
    });
    predictor = openPredictor(trained.document, trained.weights);
  }, 60_000);

  const place = fc.record({ unit: fc.integer({ min: 0, max: 7 }), row: fc.integer({ min: 13, max: 38 }), sensor: fc.integer({ min: 0, max: width - 1 }), value: fc.constantFrom(1e6, -1e6, Number.NaN, 0) });
  const planted = (unit: number, row: number, sensor: number, value: number): Float32Array => {
    const values = dataset.values.slice();
    values[((dataset.document.units[unit]?.offset ?? 0) + row) * width + sensor] = value;
    return values;
  };
  /** The model's own sensors of a unit's rows up to one of them, as the engine would send them. */
  const sliceOf = (values: Float32Array, unit: number, last: number): { rows: number; values: Float32Array } => {
    const places = predictor.document.sensors.map(({ name }) => dataset.document.sensors.findIndex((sensor) => sensor.name === name));
    const offset = dataset.document.units[unit]?.offset ?? 0;
    return { rows: last + 1, values: Float32Array.from({ length: (last + 1) * places.length }, (_, cell) => values[(offset + Math.floor(cell / places.length)) * width + (places[cell % places.length] ?? 0)] ?? Number.NaN) };
  };

  it('changes no row, no window and no forecast before it', async () => {
    await fc.assert(
      fc.asyncProperty(place, async ({ unit, row, sensor, value }) => {
        const changed = planted(unit, row, sensor, value);
        const at = (values: Float32Array) => sliceOf(values, unit, 39);
        const [before, after] = [rowsForModel(predictor.document, at(dataset.values).values), rowsForModel(predictor.document, at(changed).values)];
        expect(after.values.slice(0, row * after.inputs)).toEqual(before.values.slice(0, row * before.inputs));
        const window = (rows: typeof before): Float32Array => {
          const cells = new Float32Array(12 * rows.inputs);
          gatherWindow(rows, row - 1, 0, 12, cells, 0);
          return cells;
        };
        expect(window(after)).toEqual(window(before));
        // What is asked a row earlier never holds the planted value; the same window out of longer rows is the same.
        const asked = rowsForModel(predictor.document, sliceOf(changed, unit, row - 1).values);
        expect(window(asked)).toEqual(window(before));
        const told = await predictSlices(predictor, [sliceOf(dataset.values, unit, row - 1), sliceOf(changed, unit, row - 1)]);
        expect(told[1]).toEqual(told[0]);
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  it('or in a unit that validates, changes nothing that was learned about the data', () => {
    const units = unitsIn(dataset.document, 'train');
    const learned = (values: Float32Array): unknown => {
      const prepared = prepare({ ...dataset, values }, config);
      return [fitNormalisation({ ...dataset, values }, units), prepared.inputs, prepared.masks, prepared.ground, prepared.healthy];
    };
    const before = learned(dataset.values);
    const [validates] = unitsIn(dataset.document, 'validation');
    for (const sensor of [0, 1, 4]) expect(learned(planted(validates ?? 0, 20, sensor, 1e6))).toEqual(before);
  });
});
