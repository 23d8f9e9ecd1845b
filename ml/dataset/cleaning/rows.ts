import type { DatasetCleaning } from '../../documents/cleaning.ts';
import { cleanGrid, holdColumn } from './grid.ts';
import type { Series } from './resample.ts';

/** What a store of readings offers; the way a sensor is named is its own. */
export interface SeriesReader<Id> {
  read(sensor: Id, from: number, to: number): Series;
  info(sensor: Id): { readonly first: number | null };
  readGrid(request: { readonly sensors: readonly Id[]; readonly start: number; readonly step: number; readonly rows: number }): Float32Array;
}

/** How one machine's readings are cleaned. */
export type MachineCleaning = DatasetCleaning['machines'][string];

/**
 * How a machine's readings are cleaned for a dataset or its model: as when it was frozen; a machine that was not there as most of them.
 * @param path the machine's names from the site down @param spans what people have taken out of it by now
 */
export const machineCleaning = (cleaning: DatasetCleaning | null, path: readonly string[], spans: MachineCleaning['spans'] = []): MachineCleaning | null => {
  if (cleaning === null) return null;
  const known = cleaning.machines[path.join('/')];
  return known === undefined ? { ...cleaning.otherwise, spans } : { ...known, spans: [...known.spans, ...spans] };
};

/** One column of a machine's rows. */
export interface RowColumn<Id> {
  readonly id: Id;
  readonly name: string;
  /** See `DatasetSensor`. */
  readonly hold?: number | undefined;
}

/** Rows before the first one that is wanted, out of which values may be held into it. */
export const rowsHeldFrom = (columns: readonly Pick<RowColumn<unknown>, 'hold'>[], cleaning: MachineCleaning | null, step: number): number =>
  Math.ceil(Math.max(cleaning?.hold ?? 0, ...columns.map(({ hold }) => hold ?? 0)) / step);

/**
 * A row-major grid [rows, columns] of a machine's readings, cleaned where a recipe says so: the one way for what is learned from and what is
 * predicted from. Row k holds the mean of the readings in (start + (k - 1) * step, start + k * step]; where there is none, the last row's that
 * its sensor may be held from, else NaN. Readings may come at any times and at a pace of their own: no row knows what came after it.
 * @param turn lets others work; called every some milliseconds while readings are cleaned
 */
export const readRows = async <Id>(
  series: SeriesReader<Id>,
  columns: readonly RowColumn<Id>[],
  cleaning: MachineCleaning | null,
  request: { readonly start: number; readonly step: number; readonly rows: number },
  turn: () => Promise<void>,
): Promise<Float32Array> => {
  const grid = cleaning === null ? series.readGrid({ ...request, sensors: columns.map(({ id }) => id) }) : await cleanedRows(series, columns, cleaning, request, turn);
  for (const [column, { hold }] of columns.entries()) if (hold !== undefined) holdColumn(grid, columns.length, column, Math.floor(hold / request.step));
  return grid;
};

const cleanedRows = async <Id>(
  series: SeriesReader<Id>,
  columns: readonly RowColumn<Id>[],
  cleaning: MachineCleaning,
  request: { readonly start: number; readonly step: number; readonly rows: number },
  turn: () => Promise<void>,
): Promise<Float32Array> => {
  const steps = cleanGrid({
    ...request,
    cleaning,
    columns: columns.map(({ id, name }) => ({
      read: (from, to) => series.read(id, from, to),
      first: series.info(id).first,
      rule: cleaning.sensors[name] ?? null,
      spans: cleaning.spans.filter(({ sensor }) => sensor === null || sensor === name),
    })),
  });
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await turn();
  }
};
