import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { microsOf } from '../../contract/values.ts';
import { settableClock } from '../../engine/clock.ts';
import { openPlant } from '../plant.ts';
import { sealColumns } from './sealed.ts';

const clock = settableClock(microsOf(Date.UTC(2026, 0, 1)));

/** A batch: where it begins, its rows, their distance, how its values come. */
const batch = fc.record({ start: fc.nat(40_000), rows: fc.constantFrom(1, 300, 2048, 2500, 5000, 9000), step: fc.constantFrom(1, 3), seed: fc.nat(1000), gap: fc.constantFrom(0, 2, 7) });

it('a batch that was worked out as chunks leaves the store as the same batch does by itself, wherever it lies', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealed-'));
  let round = 0;
  try {
    fc.assert(
      fc.property(fc.array(batch, { minLength: 1, maxLength: 5 }), (batches) => {
        const plants = [false, true].map((isSealed) => {
          const plant = openPlant(join(folder, String(round++)), { clock });
          const asset = plant.assets.ensure({ path: ['m'], machineType: 'pump', axis: 'time' }).id;
          const sensors = ['a', 'b', 'c'].map((name) => plant.sensors.ensure({ asset, name, unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id);
          const counts = batches.map(({ start, rows, step, seed, gap }) => {
            const positions = Float64Array.from({ length: rows }, (_, i) => start + i * step);
            const columns = sensors.map((sensor, k) => ({ sensor, values: Float64Array.from({ length: rows }, (_, i) => (k === 2 ? NaN : gap > 0 && (i + k) % gap === 0 ? NaN : ((i * 7 + seed) % 100) / 10)) }));
            const sealed = isSealed ? sealColumns(positions, columns.map(({ values }) => values)) : null;
            return plant.transaction(() => plant.series.append({ asset, positions, columns, sealed }));
          });
          const read = sensors.map((sensor) => ({ ...plant.series.read(sensor), info: plant.series.info(sensor) }));
          const problems = plant.series.problems();
          plant.close();
          return { counts, read, problems };
        });
        expect(plants[1]?.problems).toEqual([]);
        expect(plants[1]).toEqual(plants[0]);
      }),
      { numRuns: 12 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
