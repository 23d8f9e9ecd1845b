import { z } from 'zod';
import type { AssetId, SensorId } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, query } from '../statement.ts';
import { decodeBatch, encodeBatch, type SortedBatch } from './codec/batch.ts';
import { damaged } from './codec/body.ts';
import { lowerBound, overlay, unionOf, upperBound } from './merge.ts';
import { createRecent } from './recent.ts';
import type { Readings } from './series.ts';

/** Rows of sensors that always came together: their positions once, sorted, each position once. Arrays may be longer than `rows`. */
export interface TailGrid {
  positions: Float64Array;
  rows: number;
  readonly columns: Map<SensorId, Float64Array>;
}

/** The tail of one asset as it is read: the batches of the table merged, in the order of their commits. */
export interface AssetTail {
  readonly grids: Set<TailGrid>;
  readonly gridOf: Map<SensorId, TailGrid>;
  /** Batches in the table, and their rows. */
  batches: number;
  rows: number;
}

/** Cells of all tails that are held in memory (64 MiB); any tail can be read again from its table, which takes long when it happens with every batch. */
const CELLS_IN_MEMORY = 8_000_000;
/** So before that, the largest are sealed, until half of the room is free. */
const CELLS_BEFORE_SEALING = 6_000_000;

const grown = (array: Float64Array, rows: number, capacity: number): Float64Array => {
  const out = new Float64Array(capacity);
  out.set(array.subarray(0, rows));
  return out;
};

const cellsOf = (tail: AssetTail): number => {
  let cells = 0;
  for (const grid of tail.grids) cells += grid.positions.length * (grid.columns.size + 1);
  return cells;
};

/** The readings of one sensor in a tail; NaN: missing. */
export const tailReadings = (tail: AssetTail, sensor: SensorId, from: number, to: number): Readings => {
  const grid = tail.gridOf.get(sensor);
  const values = grid?.columns.get(sensor);
  if (grid === undefined || values === undefined) return { positions: new Float64Array(0), values: new Float64Array(0) };
  const low = lowerBound(grid.positions, from, 0, grid.rows);
  const high = upperBound(grid.positions, to, low, grid.rows);
  return { positions: grid.positions.subarray(low, high), values: values.subarray(low, high) };
};

/** The grid that these sensors and no others share: theirs already, split off from one they shared with more, or a new one. */
const gridFor = (tail: AssetTail, sensors: readonly SensorId[], current: TailGrid | undefined): TailGrid => {
  if (current !== undefined && current.columns.size === sensors.length) return current;
  const grid: TailGrid = { positions: current?.positions.slice() ?? new Float64Array(0), rows: current?.rows ?? 0, columns: new Map() };
  for (const sensor of sensors) {
    grid.columns.set(sensor, current?.columns.get(sensor) ?? new Float64Array(0));
    current?.columns.delete(sensor);
    tail.gridOf.set(sensor, grid);
  }
  tail.grids.add(grid);
  return grid;
};

const appendRows = (grid: TailGrid, positions: Float64Array, columns: ReadonlyMap<SensorId, Float64Array>): void => {
  const rows = grid.rows + positions.length;
  if (rows > grid.positions.length) {
    const capacity = Math.max(rows, Math.ceil(grid.positions.length * 1.25), 16);
    grid.positions = grown(grid.positions, grid.rows, capacity);
    for (const [sensor, values] of grid.columns) grid.columns.set(sensor, grown(values, grid.rows, capacity));
  }
  grid.positions.set(positions, grid.rows);
  for (const [sensor, values] of columns) grid.columns.get(sensor)?.set(values, grid.rows);
  grid.rows = rows;
};

const mergeRows = (grid: TailGrid, positions: Float64Array, columns: ReadonlyMap<SensorId, Float64Array>): void => {
  const before = grid.positions.subarray(0, grid.rows);
  const union = unionOf(before, positions);
  for (const [sensor, values] of columns) {
    const older = grid.columns.get(sensor) ?? new Float64Array(0);
    grid.columns.set(sensor, overlay(union, { positions: before, values: older }, { positions, values }));
  }
  grid.positions = union;
  grid.rows = union.length;
};

/** Brings a batch into what is read; later ones hold. */
const apply = (tail: AssetTail, batch: SortedBatch): void => {
  const groups = new Map<TailGrid | undefined, Map<SensorId, Float64Array>>();
  for (const [i, sensor] of batch.sensors.entries()) {
    const current = tail.gridOf.get(sensor);
    const group = groups.get(current) ?? new Map<SensorId, Float64Array>();
    group.set(sensor, batch.values[i] ?? new Float64Array(0));
    groups.set(current, group);
  }
  for (const [current, columns] of groups) {
    const grid = gridFor(tail, [...columns.keys()], current);
    const last = grid.positions[grid.rows - 1];
    if (last === undefined || (batch.positions[0] ?? 0) > last) appendRows(grid, batch.positions, columns);
    else mergeRows(grid, batch.positions, columns);
  }
  tail.batches += 1;
  tail.rows += batch.positions.length;
};

/** The hot tail: batches in a table, and what they come to in memory. */
export interface TailTable {
  of(asset: AssetId): AssetTail;
  /** Writes a batch and brings it into memory. */
  add(asset: AssetId, batch: SortedBatch): void;
  /** Removes all of an asset's batches. */
  clear(asset: AssetId): void;
  /** Rows of each asset that has a tail. */
  sizes(): ReadonlyMap<AssetId, number>;
  /** Assets whose tails should be sealed for memory's sake, the largest first; none while there is room. */
  crowding(): AssetId[];
  /** Drops what is in memory. */
  forget(): void;
}

const Body = z.strictObject({ id: z.int(), body: z.instanceof(Uint8Array) });
const Listed = z.strictObject({ asset: z.int().brand<'AssetId'>(), rows: z.int() });

/** @param connection the plant's database */
export const createTail = (connection: Connection): TailTable => {
  const bodies = query(connection, Body, 'SELECT id, body FROM tail WHERE asset = ? ORDER BY id');
  const tailed = query(connection, z.strictObject({ batches: z.int() }), 'SELECT batches FROM tailed WHERE asset = ?');
  const list = query(connection, Listed, 'SELECT asset, sum(rows) AS rows FROM tail GROUP BY asset ORDER BY asset');
  const insert = command(connection, 'INSERT INTO tail (asset, rows, start, end, body) VALUES (?, ?, ?, ?, ?)');
  const remove = command(connection, 'DELETE FROM tail WHERE asset = ?');
  const tails = createRecent<AssetId, AssetTail>(CELLS_IN_MEMORY);
  // Kept up, not asked for: a look at the table would pass over every batch of it.
  let sizes: Map<AssetId, number> | null = null;
  const knownSizes = (): Map<AssetId, number> => {
    sizes ??= new Map(list.all().map(({ asset, rows }) => [asset, rows]));
    return sizes;
  };

  const of = (asset: AssetId): AssetTail => {
    const known = tails.get(asset);
    if (known !== undefined) return known;
    const tail: AssetTail = { grids: new Set(), gridOf: new Map(), batches: 0, rows: 0 };
    const batches = bodies.all(asset);
    const counted = tailed.one(asset)?.batches ?? 0;
    // An index that lost some of them to a damaged page would else be read as if they had never come.
    if (batches.length !== counted) throw damaged(() => `the newest readings of asset ${asset}`, `${batches.length} batches are there, ${counted} came`);
    for (const { id, body } of batches) apply(tail, decodeBatch(body, () => `tail batch ${id} of asset ${asset}`));
    tails.set(asset, tail, cellsOf(tail));
    return tail;
  };

  return {
    of,
    add: (asset, batch) => {
      const tail = of(asset);
      const before = knownSizes().get(asset) ?? 0;
      insert(asset, batch.positions.length, batch.positions[0] ?? 0, batch.positions.at(-1) ?? 0, encodeBatch(batch));
      apply(tail, batch);
      tails.set(asset, tail, cellsOf(tail));
      knownSizes().set(asset, before + batch.positions.length);
    },
    clear: (asset) => {
      remove(asset);
      tails.delete(asset);
      knownSizes().delete(asset);
    },
    sizes: knownSizes,
    crowding: () => {
      const weights = tails.weights();
      let total = weights.reduce((sum, [, cells]) => sum + cells, 0);
      if (total <= CELLS_BEFORE_SEALING) return [];
      const crowding: AssetId[] = [];
      for (const [asset, cells] of weights.sort(([, a], [, b]) => b - a)) {
        if (total <= CELLS_IN_MEMORY / 2) break;
        crowding.push(asset);
        total -= cells;
      }
      return crowding;
    },
    forget: () => {
      tails.clear();
      sizes = null;
    },
  };
};
