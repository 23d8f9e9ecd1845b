import { describe, expect, it } from 'vitest';
import { TrainingConfig } from '../../documents/config.ts';
import { honestSets } from '../../testdata/honestSets.ts';
import { ordinary, plantOf } from '../../testdata/plant.ts';
import { prepare, type Prepared } from '../../training/prepare.ts';
import { normalisedRows } from '../gather.ts';
import { Random } from '../random.ts';
import { unitsIn } from '../table.ts';
import { invertedSymmetric } from './invert.ts';
import { outsideOf } from './ground.ts';
import { unlikenessOf } from './likeness.ts';

const WINDOW = 20;

/** Share of the windows of the validation units that are refused after a change of their cells, row-major [rows, inputs]. */
const refused = ({ dataset, rows, ground }: Prepared, change: (cells: Float32Array, inputs: number) => void): number => {
  const answers: boolean[] = [];
  for (const index of unitsIn(dataset.document, 'validation')) {
    const unit = dataset.document.units[index];
    if (unit === undefined) continue;
    for (let end = 5; end < unit.rows; end += 3) {
      const first = Math.max(0, end - WINDOW + 1);
      const cells = rows.values.slice((unit.offset + first) * rows.inputs, (unit.offset + end + 1) * rows.inputs);
      change(cells, rows.inputs);
      const window = { ...rows, values: cells };
      answers.push(outsideOf(ground, window, 0, end - first).share > ground.outsideShare || (ground.likeness ?? []).some((likeness) => unlikenessOf(likeness, window, 0, end - first) !== null));
    }
  }
  return answers.filter((one) => one).length / answers.length;
};

/** Lowest and highest value of an input over the training rows. */
const rangeOf = ({ dataset, rows }: Prepared, input: number): [number, number] => {
  const own = unitsIn(dataset.document, 'train').flatMap((index) => {
    const unit = dataset.document.units[index];
    return unit === undefined ? [] : Array.from({ length: unit.rows }, (_, row) => rows.values[(unit.offset + row) * rows.inputs + input] ?? Number.NaN).filter(Number.isFinite);
  });
  return [Math.min(...own), Math.max(...own)];
};

describe.each(honestSets.filter((_, at) => [0, 2, 5, 8, 9, 10, 13, 19].includes(at)))('$name', ({ build }) => {
  const prepared = prepare(build(), TrainingConfig.parse({ task: 'rul', window: WINDOW }));
  it('gets forecasts for at least 98 of 100 windows of machines that it has not seen', () => {
    expect(refused(prepared, () => undefined)).toBeLessThanOrEqual(0.02);
  });
  it('gets none for at least 95 of 100 windows with a sensor moved out of its range', () => {
    const random = Random.of(1, 'moved');
    const moved = refused(prepared, (cells, inputs) => {
      const input = random.integer(inputs);
      const [low, high] = rangeOf(prepared, input);
      const by = (random.next() < 0.5 ? -1 : 1) * (high - low);
      for (let cell = input; cell < cells.length; cell += inputs) cells[cell] = (cells[cell] ?? 0) + by;
    });
    expect(moved).toBeGreaterThanOrEqual(0.95);
  });
});

describe('sensors that contradict each other', () => {
  const prepared = prepare(plantOf({ ...ordinary, machines: 24 }), TrainingConfig.parse({ task: 'rul', window: WINDOW }));
  it('are no ground, though each is within its range: worn by one sensor, new by the others', () => {
    const [, high] = rangeOf(prepared, 0);
    const share = refused(prepared, (cells, inputs) => {
      for (let row = 0; row < cells.length / inputs; row++) for (let input = 0; input < inputs; input++) cells[row * inputs + input] = input === 0 ? 0.8 * high : -0.5;
    });
    expect(share).toBe(1);
  });
  it('are named', () => {
    const [likeness] = prepared.ground.likeness ?? [];
    if (likeness === undefined) throw new Error('there are windows enough');
    const { inputs } = prepared.rows;
    const cells = new Float32Array(WINDOW * inputs).map((_, cell) => (cell % inputs === 1 ? 6 : 0));
    expect(unlikenessOf(likeness, normalisedRows(cells, inputs), 0, WINDOW - 1)?.inputs).toEqual([1]);
  });
});

it('a symmetric matrix times its inverse is one', () => {
  const matrix = Float64Array.of(4, 1, 0.5, 1, 3, 0.2, 0.5, 0.2, 2);
  const inverse = invertedSymmetric(matrix, 3);
  for (let row = 0; row < 3; row++)
    for (let column = 0; column < 3; column++) {
      let sum = 0;
      for (let k = 0; k < 3; k++) sum += (matrix[row * 3 + k] ?? 0) * (inverse[k * 3 + column] ?? 0);
      expect(sum).toBeCloseTo(row === column ? 1 : 0, 10);
    }
});
