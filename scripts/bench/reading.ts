// What is read out of the store: training sets beside Parquet and DuckDB, columns of a chart out of ten million points.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../main/engine/clock.ts';
import { openPlant, type Plant } from '../../main/store/plant.ts';
import type { AssetId, SensorId } from '../../main/contract/values.ts';
import { createRandom, makeWide } from './files.ts';
import { contest, summary, type Contest, type Summary } from './measure.ts';
import { openPython, pythonPeer } from './peers/python.ts';

const sensors = 50;
const trainingRows = 200_000;
const start = 1_735_689_600_000_000;
const second = 1_000_000;

const inFolder = async <T>(work: (folder: string) => Promise<T> | T): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'millwright-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const openSensors = (plant: Plant, count: number): { asset: AssetId; ids: SensorId[] } => {
  const asset = plant.assets.ensure({ path: ['machine'], machineType: 'pump', axis: 'time' }).id;
  return { asset, ids: Array.from({ length: count }, (_, i) => plant.sensors.ensure({ asset, name: `s${i}`, unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id) };
};

/** Rows of walks with two decimals into the store, batch by batch. */
const fill = (plant: Plant, count: number, rows: number, value: (level: number, random: () => number) => number): SensorId[] => {
  const { asset, ids } = openSensors(plant, count);
  const random = createRandom(20_251_124);
  const levels = Float64Array.from({ length: count }, (_, i) => 20 + i);
  const batch = 20_000;
  for (let from = 0; from < rows; from += batch) {
    const length = Math.min(batch, rows - from);
    const positions = Float64Array.from({ length }, (_, i) => start + (from + i) * second);
    const columns = ids.map((sensor, k) => ({ sensor, values: Float64Array.from({ length }, () => value((levels[k] = (levels[k] ?? 0) + random() * 0.4), random)) }));
    plant.transaction(() => plant.series.append({ asset, positions, columns }));
  }
  return ids;
};

const decimals = (level: number, random: () => number): number => Math.round((level + random() * 0.3) * 100) / 100;

/** Fifty sensors of 200,000 rows as a row-major Float32Array, beside what Python's tools make of the same rows. */
export const measureTraining = (rounds: number, say: (line: string) => void): Promise<{ leftOut: string[] } & Contest> =>
  inFolder(async (folder) => {
    const plant = openPlant(join(folder, 'plant'), { clock: systemClock });
    const ids = fill(plant, sensors, trainingRows, decimals);
    const python = await openPython(say);
    const file = makeWide(join(folder, 'training.csv'), trainingRows, sensors);
    let fresh = 0;
    const peer = (name: string, does: string, call: string, path: string, target: () => string) => ('python' in python ? [pythonPeer(python.python, name, does, call, path, target)] : []);
    for (const made of [...peer('polars', '', 'polars_parquet', file.path, () => join(folder, 'made')), ...peer('duckdb', '', 'duckdb_make', file.path, () => join(folder, 'made'))]) await made.run(true);
    const none = (): string => join(folder, `run${fresh++}`);
    const result = await contest(
      {
        name: 'millwright',
        does: 'readGrid: the mean of what came since the row before, row-major Float32Array',
        run: () => {
          const began = performance.now();
          const grid = plant.series.readGrid({ sensors: ids, start, step: second, rows: trainingRows });
          if (grid.length !== trainingRows * sensors || Number.isNaN(grid.at(-1) ?? NaN)) throw new Error('the grid is not whole');
          return { seconds: (performance.now() - began) / 1000 };
        },
      },
      [
        ...peer('polars', 'read_parquet, to_numpy, float32', 'polars_training', join(folder, 'made', 'store.parquet'), none),
        ...peer('duckdb', 'select in order of time, fetchnumpy, float32', 'duckdb_training', join(folder, 'made', 'training.duckdb'), none),
      ],
      rounds,
      say,
    );
    plant.close();
    return { leftOut: 'absent' in python ? [python.absent] : [], ...result };
  });

/** 2,000 columns of ten million points of one sensor, in milliseconds: the first time after opening, and again. */
export const measureRollups = (): Promise<{ points: number; firstMs: number; againMs: Summary; partMs: Summary }> =>
  inFolder((folder) => {
    const points = 10_000_000;
    const filled = openPlant(folder, { clock: systemClock });
    const [sensor] = fill(filled, 1, points, decimals);
    filled.close();
    const plant = openPlant(folder, { clock: systemClock });
    if (sensor === undefined) throw new Error('there is no sensor');
    const time = (from: number | null, to: number | null): number => {
      const began = performance.now();
      if (plant.series.columns(sensor, from, to, 2000).at.length < 1000) throw new Error('too few columns');
      return performance.now() - began;
    };
    const firstMs = Number(time(null, null).toPrecision(3));
    const again = Array.from({ length: 21 }, () => time(null, null));
    const part = Array.from({ length: 21 }, (_, i) => time(start + i * 100_000 * second, start + (i * 100_000 + 5_000_000) * second));
    plant.close();
    return { points, firstMs, againMs: summary(again), partMs: summary(part) };
  });

/** Bytes a value of doubles that are nothing but noise. */
export const worstBytes = (): Promise<number> =>
  inFolder((folder) => {
    const plant = openPlant(folder, { clock: systemClock });
    const rows = 40_000;
    fill(plant, 10, rows, (level, random) => level * (1 + random()));
    plant.close();
    return Number((statSync(join(folder, 'plant.db')).size / (rows * 10)).toPrecision(3));
  });
