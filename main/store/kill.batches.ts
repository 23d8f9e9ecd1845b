import { Mapping } from '../contract/data.ts';
import { microsOf, type AssetId, type SensorId } from '../contract/values.ts';
import type { Plant } from './plant.ts';
import type { ColumnBatch } from './series/series.ts';

/** Transactions in all. */
export const DONE_AFTER = 160;

export interface KilledMachine {
  readonly asset: AssetId;
  readonly sensors: readonly SensorId[];
}

export const prepareMachine = (plant: Plant): KilledMachine => {
  const asset = plant.assets.ensure({ path: ['pump'], machineType: 'pump', axis: 'time' }).id;
  const sensors = ['a', 'b', 'c'].map((name) => plant.sensors.ensure({ asset, name, unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id);
  return { asset, sensors };
};

const mapping = Mapping.parse({
  version: 1, layout: 'wide', dialect: { delimiter: ',', decimal: '.', quote: null, encoding: 'utf-8', headerLines: 1 },
  timestamp: { kind: 'epoch-us', format: '', zone: 'UTC' }, columns: [], asset: null, machineType: null, axis: 'time',
});

/** Notes how many transactions there were, in the row that says how far a file was read. */
export const saveProgress = (plant: Plant, position: number): void => {
  plant.sources.saveFile({ source: null, path: '/killed.csv', identity: 'killed', identityBytes: 0, bytes: 0, position, line: position, quarantined: 0, mapping, state: null, seenAt: microsOf(0) });
};

export const progressOf = (plant: Plant): number => plant.sources.fileByIdentity(null, 'killed')?.position ?? 0;

const rowsOf = (from: number, count: number, stride: number): Float64Array => Float64Array.from({ length: count }, (_, i) => from + i * stride);

/** Batches of the n-th transaction: small ones for the tail, large ones for chunks, and late, repeated and changed readings. */
export const batchesOf = ({ asset, sensors }: KilledMachine, n: number): ColumnBatch[] => {
  const base = n * 10_000;
  const positions = [rowsOf(base, n % 5 === 4 ? 3000 : 40 + n, 2), ...(n % 3 === 2 ? [rowsOf(Math.max(0, base - 25_001), 30, 500)] : [])];
  return positions.map((at, k) => ({
    asset,
    positions: at,
    columns: sensors.slice(0, k === 0 ? 3 : 2).map((sensor, s) => ({ sensor, values: at.map((x) => ((x + s) % 17 === 0 ? NaN : Math.round(Math.sin(x / 500 + s + k * n) * 1000) / 10)) })),
  }));
};
