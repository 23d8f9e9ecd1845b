import { expect, it } from 'vitest';
import { fleet, smallFleet } from '../../testdata/fleet.ts';
import { normalisedRows } from '../gather.ts';
import { Random } from '../random.ts';
import { unitsIn } from '../table.ts';
import { noiseOf } from './noise.ts';

it('finds the noise beneath slow wear, over gaps and between units that differ, from the training units alone', () => {
  const { document } = fleet({ ...smallFleet, units: 30 });
  const train = unitsIn(document, 'train');
  const random = Random.of(3, 'noise');
  const values = new Float32Array(document.rows * 3);
  document.units.forEach((unit, index) => {
    const offset = 5 * random.normal();
    for (let row = 0; row < unit.rows; row++) {
      const at = (unit.offset + row) * 3;
      const noise = train.includes(index) ? 0.3 : 30;
      values[at] = random.next() < 0.1 ? Number.NaN : offset + 4 * (row / unit.rows) ** 3 + noise * random.normal();
      values[at + 1] = 1;
      values[at + 2] = 1000 * random.normal();
    }
  });
  const noise = noiseOf(document, train, normalisedRows(values, 3), 2);
  expect(noise).toHaveLength(2);
  expect(noise[0]).toBeCloseTo(0.3, 1);
  expect(noise[1]).toBeCloseTo(0.1);
});
