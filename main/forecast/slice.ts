import { machineCleaning, readRows, rowsHeldFrom, type MachineCleaning } from '../../ml/dataset/cleaning/rows.ts';
import type { Lives } from '../../ml/dataset/lives.ts';
import type { ModelDocument } from '../../ml/documents/model.ts';
import type { NoForecast } from '../../ml/documents/prediction.ts';
import type { Asset } from '../contract/plant.ts';
import type { Plant } from '../store/plant.ts';

/** Where a machine stands when it is asked about. */
export interface Standing {
  readonly asset: Asset;
  /** Start of its present life. */
  readonly lifeStart: number;
  /** Position of its newest reading. */
  readonly asOf: number;
  /** Since when it is down by a failure without a repair; null when it is not. */
  readonly downSince: number | null;
}

/** A run-to-failure test on a cycle axis is not down at its end: it is a record, forecast from its last row as from any. */
export const standing = (asset: Asset, { lives, downSince }: Lives, last: number): Standing => ({
  asset,
  lifeStart: lives.at(-1)?.start ?? downSince ?? last,
  asOf: last,
  downSince: asset.axis === 'time' ? downSince : null,
});

export interface ReadSlice {
  readonly rows: number;
  /** Row-major [rows, sensors] in the model's sensor order, oldest first. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly noForecast: NoForecast | null;
}

const none = (reason: NoForecast['reason'], detail: string): ReadSlice => ({ rows: 0, values: new Float32Array(), noForecast: { reason, detail } });

/**
 * The machine's newest rows on the model's grid, cleaned as those that it learned from, none of them from before its present life.
 * @param spans what people have taken out of the machine's readings @param turn lets others work meanwhile
 */
export const readSlice = async (plant: Pick<Plant, 'assets' | 'sensors' | 'series'>, { asset, lifeStart, asOf }: Standing, { sensors, step, config, cleaning, anomaly }: Pick<ModelDocument, 'sensors' | 'step' | 'config' | 'cleaning'> & Partial<Pick<ModelDocument, 'anomaly'>>, spans: MachineCleaning['spans'], turn: () => Promise<void>): Promise<ReadSlice> => {
  const columns = sensors.flatMap(({ name, hold }) => {
    const found = plant.sensors.byName(asset.id, name);
    return found === undefined ? [] : [{ id: found.id, name, hold }];
  });
  const missing = sensors.filter(({ name }) => !columns.some((column) => column.name === name)).map(({ name }) => name);
  if (missing.length > 0) return none('sensor-missing', `the model needs ${missing.join(', ')}, which this machine has not`);
  // A row covers the step before it: the first one must begin within the life.
  const fitting = asset.axis === 'cycle' ? Math.floor((asOf - lifeStart) / step) + 1 : Math.floor((asOf - lifeStart) / step);
  const rows = Math.min(anomaly?.rows ?? config.window, fitting);
  if (rows < 1) return none('too-short', 'its life has only just begun');
  const own = machineCleaning(cleaning, plant.assets.pathOf(asset.id), spans);
  // A value that is held into the first row may have been read as long before it.
  const more = Math.min(fitting - rows, rowsHeldFrom(columns, own, step));
  const values = await readRows(plant.series, columns, own, { start: asOf - (rows + more - 1) * step, step, rows: rows + more }, turn);
  return { rows, values: new Float32Array(values.subarray(more * columns.length)), noForecast: null };
};
