import type { Micros } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import type { SeriesStore } from './series.ts';

export const createSeries = (_connection: Connection, _now: () => Micros): SeriesStore => {
  const later = (): never => {
    throw new Error('the series store comes with the next commit');
  };
  return { append: later, seal: later, read: later, readGrid: later, columns: later, info: later, infos: later, problems: () => [], forget: () => undefined };
};
