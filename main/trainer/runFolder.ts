import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../contract/errors.ts';
import { DatasetDocument } from '../../ml/documents/dataset.ts';
import { ModelDocument } from '../../ml/documents/model.ts';
import { SearchReport } from '../../ml/documents/search.ts';
import { fingerprintOf } from '../../ml/dataset/fingerprint.ts';
import { datasetOf, type Dataset } from '../../ml/dataset/table.ts';
import type { TrainedModel } from '../../ml/training/train.ts';

/** Names within a run's folder. The engine writes the dataset; the trainer everything else. */
const names = { data: 'dataset.bin', document: 'dataset.json', checkpoint: join('checkpoint', 'last.mwck'), search: 'search.json', model: join('model', 'model.json'), weights: join('model', 'weights.bin') };

export const sha256 = (...parts: (Uint8Array | string)[]): string => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** Whole or not at all: a temporary name, synced, renamed, and the folder synced so that the name holds too. */
const writeWhole = async (file: string, bytes: Uint8Array): Promise<void> => {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  const temporary = `${file}.${process.pid}.part`;
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  const folderHandle = await open(folder, 'r');
  try {
    await folderHandle.sync();
  } finally {
    await folderHandle.close();
  }
};

/**
 * The frozen dataset of a run.
 * @throws AppError 'file-unreadable' when it is not there or its bytes are not those that its document names
 */
export const readDataset = async (folder: string): Promise<Dataset> => {
  let document: DatasetDocument;
  let bytes: Buffer;
  try {
    document = DatasetDocument.parse(JSON.parse(await readFile(join(folder, names.document), 'utf8')));
    bytes = await readFile(join(folder, names.data));
  } catch (thrown) {
    throw new AppError('file-unreadable', `The frozen dataset in ${folder} can't be read: ${messageOf(thrown)}. Freeze it again.`, { folder }, thrown);
  }
  if (fingerprintOf(bytes, document.cleaning, sha256) !== document.fingerprint) throw new AppError('file-unreadable', `dataset.bin in ${folder} is not the one that its document names. Freeze it again.`, { folder });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return datasetOf(document, Float32Array.from({ length: bytes.byteLength >> 2 }, (_, at) => view.getFloat32(4 * at, true)));
};

/** The last checkpoint's bytes; null when there is none. */
export const readCheckpoint = async (folder: string): Promise<Uint8Array | null> => (existsSync(join(folder, names.checkpoint)) ? readFile(join(folder, names.checkpoint)) : null);

export const writeCheckpoint = (folder: string, bytes: Uint8Array): Promise<void> => writeWhole(join(folder, names.checkpoint), bytes);

/** What the run's search has tried so far; null where it has none. @throws AppError 'file-unreadable' */
export const readSearch = async (folder: string): Promise<SearchReport | null> => {
  if (!existsSync(join(folder, names.search))) return null;
  try {
    return SearchReport.parse(JSON.parse(await readFile(join(folder, names.search), 'utf8')));
  } catch (thrown) {
    throw new AppError('file-unreadable', `The search in ${folder} can't be read: ${messageOf(thrown)}. Start a new run.`, { folder }, thrown);
  }
};

export const writeSearch = (folder: string, report: SearchReport): Promise<void> => writeWhole(join(folder, names.search), Buffer.from(`${JSON.stringify(report)}\n`));

/** The weights first: a model.json always has its weights beside it. */
export const writeModel = async (folder: string, { document, weights }: TrainedModel): Promise<void> => {
  await writeWhole(join(folder, names.weights), weights);
  await writeWhole(join(folder, names.model), Buffer.from(`${JSON.stringify(document, null, 1)}\n`));
};

/** The model that this run has finished already; null when it has not. */
export const readFinishedModel = async (folder: string): Promise<ModelDocument | null> =>
  existsSync(join(folder, names.model)) ? ModelDocument.parse(JSON.parse(await readFile(join(folder, names.model), 'utf8'))) : null;
