import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { microsOf } from '../../contract/values.ts';
import { settableClock } from '../../engine/clock.ts';
import { openPlant } from '../plant.ts';

test('a series of many chunks with late readings between them, read page by page, is the series', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millwright-pages-'));
  const plant = openPlant(folder, { clock: settableClock(microsOf(0)) });
  const asset = plant.assets.ensure({ path: ['m'], machineType: 'pump', axis: 'time' }).id;
  const sensor = plant.sensors.ensure({ asset, name: 'p', unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id;
  const put = (positions: number[]): void => {
    plant.transaction(() => plant.series.append({ asset, positions: Float64Array.from(positions), columns: [{ sensor, values: Float64Array.from(positions, (at) => (at % 11 === 0 ? NaN : at / 10)) }] }));
  };
  for (let k = 0; k < 90; k += 1) put(Array.from({ length: 2200 }, (_, i) => k * 10_000 + 2 * i));
  put([1, 9999, 50_001, 895_000, 2_000_000]);
  const all = plant.series.read(sensor);
  for (const limit of [997, 70_000]) {
    const positions: number[] = [];
    for (let from = 0, after = false; ; after = true) {
      const page = plant.series.readPage({ sensor, from, after, to: 3_000_000, limit });
      positions.push(...page.positions);
      from = page.positions.at(-1) ?? from;
      if (page.positions.length < limit) break;
    }
    expect(positions).toEqual([...all.positions]);
  }
  const part = plant.series.readPage({ sensor, from: 10_002, after: true, to: 895_000, limit: 200_000 });
  expect([part.positions[0], part.positions.at(-1)]).toEqual([10_004, 895_000]);
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});
