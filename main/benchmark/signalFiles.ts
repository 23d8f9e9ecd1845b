import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, matchesGlob, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { AppError } from '../contract/errors.ts';

/** A class of recordings: its name, and the files that are of it. */
export interface SignalClass {
  readonly name: string;
  readonly glob: string;
}

/** A file of raw signals, read. */
export interface SignalFile {
  readonly name: string;
  readonly className: string;
  /** Names of the channels, in order. */
  readonly names: readonly string[];
  readonly channels: ReadonlyMap<string, Float32Array>;
  readonly sha256: string;
}

const filesUnder = (folder: string): string[] =>
  readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? filesUnder(path) : [path];
    });

const namedBy = (file: string, folder: string, glob: string): boolean => {
  const names = glob.includes('/') ? [relative(folder, file)] : [basename(file)];
  return names.some((name) => matchesGlob(name, glob) || matchesGlob(name.replace(/\.gz$/, ''), glob));
};

/**
 * The files of each class under a folder.
 * @throws AppError 'not-found' for no folder or a class without a file, 'input-invalid' for a file of two classes
 */
const filesOf = (folder: string, classes: readonly SignalClass[], what: string): { path: string; className: string }[] => {
  let files: string[];
  try {
    files = filesUnder(folder);
  } catch (thrown) {
    throw new AppError('not-found', `The folder ${folder} of the ${what} files can't be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`, { folder }, thrown);
  }
  return files.flatMap((path) => {
    const own = classes.filter(({ glob }) => namedBy(path, folder, glob));
    if (own.length > 1) throw new AppError('input-invalid', `${path} is named by the patterns of several classes (${own.map(({ name }) => name).join(', ')}); give patterns that don't overlap.`, { file: path });
    return own.map(({ name }) => ({ path, className: name }));
  });
};

const DELIMITERS = [';', '\t', ','] as const;
/** What divides the cells: the first of semicolon, tab and comma that the line has, else blanks. */
const delimiterOf = (line: string): string | RegExp => DELIMITERS.find((one) => line.includes(one)) ?? /\s+/;

const numberOf = (cell: string, decimalComma: boolean): number => {
  const text = cell.trim();
  return text === '' ? Number.NaN : Number(decimalComma ? text.replace(',', '.') : text);
};

/** Rows whose steps are looked at to tell a clock or a counter from a signal. */
const LOOKED = 1000;

/** A column that rises by the same step from row to row is a clock or a counter, no signal. */
const isClock = (values: Float32Array | Float64Array): boolean => {
  const count = Math.min(values.length, LOOKED);
  if (count < 3) return false;
  const mean = ((values[count - 1] ?? 0) - (values[0] ?? 0)) / (count - 1);
  if (!(mean > 0)) return false;
  for (let at = 1; at < count; at++) if (Math.abs((values[at] ?? 0) - (values[0] ?? 0) - at * mean) > 0.5 * mean) return false;
  return true;
};

/** Gaps take the value before them; a column that is mostly empty or text is none. */
const filled = (values: Float64Array): Float64Array | null => {
  let missing = 0;
  let held = values.find(Number.isFinite) ?? 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN;
    if (Number.isFinite(value)) held = value;
    else {
      missing++;
      values[at] = held;
    }
  }
  return 2 * missing > values.length ? null : values;
};

/**
 * Raw signals of a text file: a column a channel, clocks and counters left out; names from the header, else by position.
 * @throws AppError 'file-not-understood' when no column is a signal
 */
export const parseSignals = (text: string, file: string): { names: string[]; channels: Map<string, Float32Array> } => {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#') && !line.startsWith('%'));
  const sample = lines[Math.min(1, lines.length - 1)] ?? '';
  const delimiter = delimiterOf(sample);
  const decimalComma = delimiter !== ',' && /\d,\d/.test(sample) && !sample.includes('.');
  const cellsOf = (line: string): string[] => (delimiter instanceof RegExp ? line.trim() : line).split(delimiter);
  const [first = ''] = lines;
  const hasHeader = cellsOf(first).some((cell) => cell.trim() !== '' && Number.isNaN(numberOf(cell, decimalComma)));
  const rows = hasHeader ? lines.slice(1) : lines;
  const width = cellsOf(rows[0] ?? '').length;
  const header = hasHeader ? cellsOf(first).map((cell) => cell.trim().replaceAll(/^"|"$/g, '')) : [];
  const columns = Array.from({ length: width }, () => new Float64Array(rows.length));
  rows.forEach((line, row) => cellsOf(line).forEach((cell, at) => { const column = columns[at]; if (column !== undefined) column[row] = numberOf(cell, decimalComma); }));
  const channels = new Map<string, Float32Array>();
  columns.forEach((column, at) => {
    const values = filled(column);
    if (values !== null && !isClock(values)) channels.set(header[at] ?? `channel${at + 1}`, Float32Array.from(values));
  });
  if (channels.size === 0 || rows.length < 2) throw new AppError('file-not-understood', `${file} has no column of raw signals: a text file with a column a channel and a sample a line is needed.`, { file });
  return { names: [...channels.keys()], channels };
};

const readFile = ({ path, className }: { path: string; className: string }): SignalFile => {
  const bytes = readFileSync(path);
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  return { name: basename(path), className, ...parseSignals(plain.toString('utf8'), path), sha256: createHash('sha256').update(plain).digest('hex') };
};

/** The recordings of each class in a folder. @throws AppError 'not-found' | 'input-invalid' | 'file-not-understood' */
export const readSignalFiles = (folder: string, classes: readonly SignalClass[], what: 'training' | 'test'): SignalFile[] => {
  const files = filesOf(folder, classes, what);
  for (const { name, glob } of classes) if (what === 'training' && !files.some(({ className }) => className === name)) throw new AppError('not-found', `No ${what} file in ${folder} is named by '${glob}', the pattern of class '${name}'.`, { folder, class: name });
  if (files.length === 0) throw new AppError('not-found', `No ${what} file in ${folder} is of one of the classes.`, { folder });
  return files.map(readFile);
};
