import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { open, type Entry, type ZipFile } from 'yauzl';
import { AppError } from '../../contract/errors.ts';

/** What is taken out of the wheels, and where to: every library into one folder, for the loader's one search path. */
const wanted: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
  [/^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/, (found) => join('lib', found[1] ?? '')],
  [/^nvidia\/[a-z0-9_]+\/lib\/([A-Za-z0-9_.-]+\.so(?:\.[0-9]+)*)$/, (found) => join('lib', found[1] ?? '')],
  [/^nvidia\/cuda_nvcc\/bin\/(ptxas)$/, (found) => join('bin', found[1] ?? '')],
  [/^nvidia\/cuda_nvcc\/nvvm\/libdevice\/(libdevice\.10\.bc)$/, (found) => join('nvvm', 'libdevice', found[1] ?? '')],
];

const placeOf = (name: string): string | null => {
  for (const [pattern, place] of wanted) {
    const found = pattern.exec(name);
    if (found !== null) return place(found);
  }
  return null;
};

const openZip = (file: string): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    open(file, { lazyEntries: true, autoClose: true }, (cause, zip) => {
      if (cause) reject(new AppError('file-unreadable', `${file} is no whole wheel: ${cause.message}`, { file }, cause));
      else resolve(zip);
    });
  });

const writeEntry = (zip: ZipFile, entry: Entry, target: string): Promise<void> =>
  new Promise((resolve, reject) => {
    zip.openReadStream(entry, (cause, stream) => {
      if (cause) {
        reject(cause);
        return;
      }
      mkdirSync(dirname(target), { recursive: true });
      pipeline(stream, createWriteStream(target, { mode: target.endsWith('ptxas') ? 0o755 : 0o644 })).then(resolve, reject);
    });
  });

/**
 * Takes the libraries out of a wheel (a zip).
 * @returns bytes written
 * @throws AppError('file-unreadable') when it is no whole zip; 'cancelled'
 */
export const unpackWheel = async (file: string, folder: string, signal: AbortSignal): Promise<number> => {
  const zip = await openZip(file);
  let bytes = 0;
  const take = async (entry: Entry): Promise<void> => {
    if (signal.aborted) throw AppError.of(signal.reason);
    const place = placeOf(entry.fileName);
    if (place === null) return;
    await writeEntry(zip, entry, join(folder, place));
    bytes += entry.uncompressedSize;
  };
  await new Promise<void>((resolve, reject) => {
    zip.on('error', (cause: Error) => reject(new AppError('file-unreadable', `${file} is no whole wheel: ${cause.message}`, { file }, cause)));
    zip.once('end', () => resolve());
    zip.on('entry', (entry: Entry) => {
      take(entry).then(
        () => zip.readEntry(),
        (cause: unknown) => {
          zip.close();
          reject(AppError.of(cause));
        },
      );
    });
    zip.readEntry();
  });
  return bytes;
};
