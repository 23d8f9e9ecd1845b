import type { ExportRequest } from '../../contract/storage.ts';
import type { Axis, SensorId } from '../../contract/values.ts';
import type { SeriesStore } from '../../store/series/series.ts';

/** A sensor as it is exported. */
export interface ExportedSensor {
  readonly id: SensorId;
  readonly name: string;
  readonly unit: string | null;
  readonly asset: string;
  readonly axis: Axis;
}

export interface Span {
  readonly from: number | null;
  readonly to: number | null;
}

/** Readings held in memory for all sensors together (16 MiB). */
const READINGS_AT_ONCE = 1_000_000;
const READINGS_A_PAGE = 16_384;

type Pages = Pick<SeriesStore, 'readPage' | 'info'>;

/** One series, read page by page as it is asked for. */
class Cursor {
  readonly #series: Pages;
  readonly #sensor: SensorId;
  readonly #limit: number;
  readonly #to: number;
  #from: number;
  #after = false;
  #positions: Float64Array = new Float64Array(0);
  #values: Float64Array = new Float64Array(0);
  #at = 0;
  #isLast = false;

  constructor(series: Pages, sensor: SensorId, span: Span, limit: number) {
    const { first, last } = series.info(sensor);
    this.#series = series;
    this.#sensor = sensor;
    this.#limit = limit;
    this.#from = Math.max(span.from ?? -Infinity, first ?? Infinity);
    this.#to = Math.min(span.to ?? Infinity, last ?? -Infinity);
    this.#isLast = this.#from > this.#to;
    this.#fill();
  }

  /** Infinity at the end. */
  get position(): number {
    return this.#positions[this.#at] ?? Infinity;
  }

  get value(): number {
    return this.#values[this.#at] ?? NaN;
  }

  advance(): void {
    this.#at += 1;
    if (this.#at >= this.#positions.length) this.#fill();
  }

  #fill(): void {
    if (this.#isLast) {
      this.#positions = new Float64Array(0);
      this.#at = 0;
      return;
    }
    const page = this.#series.readPage({ sensor: this.#sensor, from: this.#from, after: this.#after, to: this.#to, limit: this.#limit });
    this.#positions = page.positions;
    this.#values = page.values;
    this.#at = 0;
    this.#isLast = page.positions.length < this.#limit;
    this.#from = page.positions.at(-1) ?? this.#to;
    this.#after = true;
  }
}

/** Rows of a table of readings; `values` holds a cell a column and is used again for the next row. */
export interface TableRow {
  readonly sensor: ExportedSensor;
  readonly position: number;
  readonly values: Float64Array;
}

/** A column of a wide table: sensors of several machines that are called the same and measure the same share one. */
export interface WideColumn {
  readonly name: string;
  readonly unit: string | null;
}

/** What is written, whatever the file's form. */
export interface Table {
  readonly layout: ExportRequest['layout'];
  readonly axis: Axis;
  readonly zone: string | null;
  /** Of a wide table. */
  readonly columns: readonly WideColumn[];
  rows(): Generator<TableRow, void, void>;
}

const keyOf = ({ name, unit }: WideColumn): string => JSON.stringify([name, unit]);

export const columnsOf = (sensors: readonly ExportedSensor[]): WideColumn[] => [...new Map(sensors.map(({ name, unit }) => [keyOf({ name, unit }), { name, unit }])).values()];

/** The sensors of each machine, machine after machine. */
const byAsset = (sensors: readonly ExportedSensor[]): ExportedSensor[][] => {
  const groups = new Map<string, ExportedSensor[]>();
  for (const sensor of sensors) groups.set(sensor.asset, [...(groups.get(sensor.asset) ?? []), sensor]);
  return [...groups.values()];
};

/** A row a position of each machine, a cell a column (NaN: nothing measured); in order of position, machine after machine. */
export function* wideRows(series: Pages, sensors: readonly ExportedSensor[], span: Span): Generator<TableRow, void, void> {
  const places = new Map(columnsOf(sensors).map((column, place) => [keyOf(column), place]));
  const values = new Float64Array(places.size);
  for (const group of byAsset(sensors)) {
    const limit = Math.max(256, Math.min(READINGS_A_PAGE, Math.floor(READINGS_AT_ONCE / group.length)));
    const cursors = group.map((sensor) => ({ cursor: new Cursor(series, sensor.id, span, limit), place: places.get(keyOf({ name: sensor.name, unit: sensor.unit })) ?? 0 }));
    const [sensor] = group;
    if (sensor === undefined) continue;
    for (;;) {
      let position = Infinity;
      for (const { cursor } of cursors) position = Math.min(position, cursor.position);
      if (position === Infinity) break;
      values.fill(NaN);
      for (const { cursor, place } of cursors) {
        if (cursor.position !== position) continue;
        values[place] = cursor.value;
        cursor.advance();
      }
      yield { sensor, position, values };
    }
  }
}

/** A row a reading, sensor after sensor. */
export function* longRows(series: Pages, sensors: readonly ExportedSensor[], span: Span): Generator<TableRow, void, void> {
  const values = new Float64Array(1);
  for (const sensor of sensors) {
    for (const cursor = new Cursor(series, sensor.id, span, READINGS_A_PAGE); cursor.position !== Infinity; cursor.advance()) {
      values[0] = cursor.value;
      yield { sensor, position: cursor.position, values };
    }
  }
}
