import { expect } from 'vitest';
import type { Plant } from '../../../store/plant.ts';
import { timeOf, valuesOf, type WrittenLog } from './logs.ts';

/** What is stored of a machine is the first `rows` rows of what was written, each once. Returns how many. */
export const assertWhole = (plant: Plant, machine: number, atLeast: number, atMost: number): number => {
  const asset = plant.assets.byName(`pump_${machine}`);
  const sensors = asset ? plant.sensors.ofAsset(asset.id) : [];
  const speeds = sensors.find(({ name }) => name === 'speed');
  const rows = speeds ? plant.series.read(speeds.id).values.length : 0;
  expect(rows).toBeGreaterThanOrEqual(atLeast);
  expect(rows).toBeLessThanOrEqual(atMost);
  for (const [column, name] of ['load', 'speed', 'temperature'].entries()) {
    const sensor = sensors.find((each) => each.name === name);
    const read = sensor ? plant.series.read(sensor.id) : { positions: [], values: [] };
    const expected = Array.from({ length: rows }, (_, row) => [timeOf(row), valuesOf(machine, row)[column] ?? NaN]).filter(([, value]) => !Number.isNaN(value));
    const wrong = expected.findIndex(([at, value], i) => read.positions[i] !== at || read.values[i] !== value);
    expect({ machine, name, count: read.values.length, wrong, is: [read.positions[wrong], read.values[wrong]] }).toEqual({ machine, name, count: expected.length, wrong: -1, is: [undefined, undefined] });
  }
  return rows;
};

/**
 * Everything that is stored of the logs is a whole beginning of them, no shorter than `before`, and the source counts just that: it is counted
 * in the transactions that stored it. Returns how many rows of each log.
 */
export const assertLogsWhole = (plant: Plant, logs: readonly WrittenLog[], before: readonly number[]): number[] => {
  expect(plant.check().problems).toEqual([]);
  const rows = logs.map((log, i) => assertWhole(plant, log.machine, before[i] ?? 0, log.rows));
  expect(plant.sources.list()[0]).toMatchObject({ rowsStored: rows.reduce((sum, each) => sum + each, 0), quarantined: 0, counts: { duplicates: 0, replaced: 0 } });
  return rows;
};
