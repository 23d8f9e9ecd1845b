import type { SensorId } from '../../contract/values.ts';
import type { Readings, SeriesStore } from '../../store/series/series.ts';

/** Rows read at a time: some milliseconds of work. */
const PAGE_ROWS = 16_384;

export interface Span {
  readonly from: number;
  readonly to: number;
  /** Whether a row at `from` itself is left out. */
  readonly isOpen?: boolean;
}

/**
 * All rows of a series over a span, page by page, those without a reading too (NaN). The pages are sought in windows of the axis, so that
 * neither memory nor the time of a page grows with the length of the series.
 * @param rows about how many there are in the span
 */
export async function* pagesOf(series: Pick<SeriesStore, 'readPage'>, sensor: SensorId, { from, to, isOpen = false }: Span, rows: number, turn: () => Promise<void>): AsyncGenerator<Readings> {
  let width = Math.max((to - from) / Math.max(1, rows / PAGE_ROWS), Number.MIN_VALUE);
  let at = from;
  let after = isOpen;
  for (;;) {
    const until = Math.min(to, at + width);
    const page = series.readPage({ sensor, from: at, after, to: until, limit: PAGE_ROWS, withMissing: true });
    const last = page.positions.at(-1);
    if (last !== undefined) yield page;
    if (page.positions.length === PAGE_ROWS && last !== undefined) {
      at = last;
      width /= 2;
    } else {
      if (until >= to) return;
      at = until;
      if (page.positions.length < PAGE_ROWS / 4) width *= 2;
    }
    after = true;
    await turn();
  }
}
