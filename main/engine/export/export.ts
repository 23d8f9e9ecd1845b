import { existsSync } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { extname, isAbsolute } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../contract/errors.ts';
import type { ExportRequest } from '../../contract/storage.ts';
import { putInPlace } from '../../store/place.ts';
import type { Plant } from '../../store/plant.ts';
import type { JobContext } from '../jobs.ts';
import { writeCsv } from './csv.ts';
import { writeParquet } from './parquet.ts';
import { columnsOf, longRows, wideRows, type ExportedSensor, type Table } from './tables.ts';

type ExportPlant = Pick<Plant, 'sensors' | 'assets' | 'series'>;

const sensorsOf = (plant: ExportPlant, ids: ExportRequest['sensors']): ExportedSensor[] => {
  const assets = new Map(plant.assets.list().map((asset) => [asset.id, asset]));
  return [...new Set(ids)].map((id) => {
    const sensor = plant.sensors.get(id);
    const asset = sensor === undefined ? undefined : assets.get(sensor.asset);
    if (sensor === undefined || asset === undefined) throw new AppError('not-found', `there is no sensor ${id}`, { sensor: id });
    return { id, name: sensor.name, unit: sensor.unit, asset: asset.name, axis: asset.axis };
  });
};

const tableOf = (plant: ExportPlant, request: ExportRequest): Table => {
  const sensors = sensorsOf(plant, request.sensors);
  const [first] = sensors;
  if (first === undefined || sensors.some(({ axis }) => axis !== first.axis)) throw new AppError('input-invalid', 'sensors over time and sensors over cycles can\'t stand in one table; export them apart');
  const span = { from: request.from, to: request.to };
  const rows = request.layout === 'wide' ? wideRows : longRows;
  return { layout: request.layout, axis: first.axis, zone: request.zone, columns: request.layout === 'wide' ? columnsOf(sensors) : [], rows: () => rows(plant.series, sensors, span) };
};

const writingError = (thrown: unknown, file: string): AppError => {
  if (thrown instanceof AppError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  if (reason.includes('ENOSPC')) return new AppError('disk-full', `the disk is full: ${file} was not written; free some space or choose another disk`, { file }, thrown);
  return new AppError('file-unreadable', `${file} can't be written (${reason}); choose a folder that exists and can be written`, { file }, thrown);
};

/** Under a temporary name until it is whole. */
const writeWhole = async (file: string, write: (out: FileHandle) => Promise<number>): Promise<number> => {
  const temporary = `${file}.${process.pid}.part`;
  try {
    const out = await open(temporary, 'w');
    const rows = await write(out).finally(() => out.close());
    putInPlace(temporary, file);
    return rows;
  } catch (thrown) {
    if (existsSync(temporary)) await rm(temporary);
    throw writingError(thrown, file);
  }
};

/**
 * Writes readings of any sensors and span to a CSV or Parquet file, page by page: memory doesn't grow with what is written.
 * @throws AppError('input-invalid' | 'not-found' | 'file-unreadable' | 'disk-full' | 'cancelled')
 */
export const exportReadings = async (plant: ExportPlant, request: ExportRequest, { signal, progress }: JobContext): Promise<{ file: string; rows: number }> => {
  const ending = extname(request.file).toLowerCase();
  if (!isAbsolute(request.file) || (ending !== '.csv' && ending !== '.parquet')) throw new AppError('input-invalid', `expected an absolute path of a .csv or .parquet file; received ${request.file}`, { file: request.file });
  const table = tableOf(plant, request);
  const turn = async (rows: number): Promise<void> => {
    progress('writing', rows, null);
    await nextTurn();
    if (signal.aborted) throw AppError.of(signal.reason);
  };
  const rows = await writeWhole(request.file, (out) => (ending === '.csv' ? writeCsv : writeParquet)(out, table, turn));
  progress('written', rows, rows);
  return { file: request.file, rows };
};
