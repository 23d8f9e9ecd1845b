import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { AppError } from '../contract/errors.ts';

/** One experiment of SKAB. */
export interface SkabFile {
  /** Path below the data folder. */
  readonly name: string;
  /** The folder it lies in: the kind of fault. */
  readonly group: string;
  readonly sensors: readonly string[];
  /** Row-major [rows, sensors]; a cell that is no number holds the value before it. */
  readonly values: Float32Array;
  /** [rows], true where the row is anomalous; null where the file has no labels. */
  readonly labels: readonly boolean[] | null;
}

const notFeatures = new Set(['datetime', 'anomaly', 'changepoint']);

const textOf = (file: string): string => (file.endsWith('.gz') ? gunzipSync(readFileSync(file)).toString('utf8') : readFileSync(file, 'utf8'));

const readOne = (folder: string, file: string): SkabFile => {
  const name = relative(folder, file).split(sep).join('/');
  const [header = '', ...lines] = textOf(file).split(/\r?\n/).filter((line) => line.trim() !== '');
  const columns = header.replace(/^\uFEFF/, '').split(';').map((column) => column.trim());
  const sensors = columns.flatMap((column, at) => (notFeatures.has(column) ? [] : [{ column, at }]));
  if (!columns.includes('datetime') || sensors.length === 0) throw new AppError('file-not-understood', `${name} should begin with a header line 'datetime;...' and name sensors; it begins with '${header.slice(0, 80)}'.`, { file: name });
  const values = new Float32Array(lines.length * sensors.length);
  const labelAt = columns.indexOf('anomaly');
  const labels = lines.map((line, row) => {
    const cells = line.split(';');
    if (cells.length !== columns.length) throw new AppError('file-not-understood', `Line ${row + 2} of ${name} has ${cells.length} cells, its header ${columns.length}.`, { file: name, line: row + 2 });
    sensors.forEach(({ at }, sensor) => {
      const cell = (cells[at] ?? '').trim();
      const value = cell === '' ? Number.NaN : Number(cell);
      const before = row === 0 ? 0 : (values[(row - 1) * sensors.length + sensor] ?? 0);
      values[row * sensors.length + sensor] = Number.isFinite(value) ? value : before;
    });
    return Number(cells[labelAt]) > 0.5;
  });
  const folders = name.split('/').slice(0, -1);
  return { name, group: folders.at(-1) ?? '', sensors: sensors.map(({ column }) => column), values, labels: labelAt === -1 ? null : labels };
};

const inOrder = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/**
 * Reads every .csv and .csv.gz below a folder.
 * @throws AppError 'not-found' when there is none, 'file-not-understood'
 */
export const readSkab = (folder: string): SkabFile[] => {
  const found = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.csv(\.gz)?$/i.test(name)) : [];
  if (found.length === 0) throw new AppError('not-found', `There is no .csv file in ${folder}. Give the folder of the SKAB files with --data.`, { folder });
  return found.sort(inOrder).map((name) => readOne(folder, join(folder, name)));
};
