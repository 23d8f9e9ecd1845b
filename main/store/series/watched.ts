import { AppError } from '../../contract/errors.ts';
import type { SeriesStore } from './series.ts';

/**
 * The series store with its two watchmen: nothing is taken that `guard` refuses, and `tell` hears of bodies that aren't what was written
 * (what SQLite itself says of the file is told where it is met).
 */
export const watchedSeries = (series: SeriesStore, guard: () => void, tell: (error: AppError) => void): SeriesStore => {
  const told = <T>(work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'plant-damaged') tell(thrown);
      throw thrown;
    }
  };
  return {
    ...series,
    append: (batch) => {
      guard();
      return told(() => series.append(batch));
    },
    seal: (asset, all) => told(() => series.seal(asset, all)),
    read: (sensor, from, to) => told(() => series.read(sensor, from, to)),
    readPage: (page) => told(() => series.readPage(page)),
    readGrid: (request) => told(() => series.readGrid(request)),
    columns: (sensor, from, to, columns) => told(() => series.columns(sensor, from, to, columns)),
  };
};
