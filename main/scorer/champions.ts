import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../contract/errors.ts';
import { ModelDocument } from '../../ml/documents/model.ts';
import { openModel, type OpenModel } from '../../ml/predictor/openModel.ts';

/** Models held open at most; the one asked for longest ago goes first. */
const MOST_OPEN = 32;

const load = async (folder: string): Promise<OpenModel> => {
  let document: ModelDocument;
  let weights: Buffer;
  try {
    document = ModelDocument.parse(JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')));
    weights = await readFile(join(folder, 'weights.bin'));
  } catch (thrown) {
    throw new AppError('model-damaged', `The model in ${folder} can't be read: ${thrown instanceof Error ? thrown.message : String(thrown)}. Train it again, or restore it from a backup.`, { folder }, thrown);
  }
  if (createHash('sha256').update(weights).digest('hex') !== document.weightsSha256)
    throw new AppError('model-damaged', `weights.bin in ${folder} is not the one that model.json names. Train the model again, or restore it from a backup.`, { folder });
  return openModel(document, weights);
};

/** The models that the scorer holds open. A model's folder never changes, so what was read once stays true. */
export class Champions {
  private readonly open = new Map<string, Promise<OpenModel>>();

  /** @throws AppError 'model-damaged', MlError 'model-damaged' */
  of(folder: string): Promise<OpenModel> {
    const known = this.open.get(folder) ?? load(folder);
    this.open.delete(folder);
    this.open.set(folder, known);
    // A model that could not be read may be put back: it is tried again the next time.
    known.catch(() => this.open.delete(folder));
    const oldest = this.open.keys().next();
    if (this.open.size > MOST_OPEN && oldest.done !== true) this.open.delete(oldest.value);
    return known;
  }

  forget(folder: string): void {
    this.open.delete(folder);
  }
}
