import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { ListedFile } from '../contract/data.ts';
import { AppError } from '../contract/errors.ts';

/** What lies beside logs and is none: documents, pictures, programs, databases. Anything else may be an export, whatever its name. */
const noLogs = new Set(
  '7z avi bak bat bmp cfg class com config db dll doc docx drawio dwg exe gif h5 hdf5 htm html ico ini ipynb iso jar jpeg jpg js json lnk m mat md mov mp3 mp4 msi npy npz odt onnx parquet pdf pkl png ppt pptx ps1 py pyc rar rtf sh so sqlite svg sys tar tif tiff toml ts wav webp wmv xls xlsm xlsx xml yaml yml'.split(' '),
);

/** Folders below folders, as deep as exports lie; a link to itself must not lead for ever. */
const deepest = 8;
const mostFiles = 20_000;

interface Listing {
  files: ListedFile[];
  passedOver: number;
}

const unreadable = (path: string, thrown: unknown): AppError => new AppError('file-unreadable', `${path} can't be read (${thrown instanceof Error ? thrown.message : String(thrown)}); check that it is there and may be read`, { path }, thrown);

const byName = new Intl.Collator('en', { numeric: true });

const walk = async (folder: string, depth: number, listing: Listing): Promise<void> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch((thrown: unknown) => {
    throw unreadable(folder, thrown);
  });
  for (const entry of entries.toSorted((a, b) => byName.compare(a.name, b.name))) {
    if (entry.name.startsWith('.') || listing.files.length >= mostFiles) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (depth < deepest) await walk(path, depth + 1, listing);
    } else if (!entry.isFile() || noLogs.has(extname(entry.name).slice(1).toLowerCase())) listing.passedOver++;
    else listing.files.push({ path, bytes: (await stat(path)).size });
  }
};

/**
 * The files that were named, as they are, and those in and below the folders that were named which may be logs, in the order of their names.
 * @throws AppError('file-unreadable') for a place that isn't there or may not be read
 */
export const listFiles = async (paths: readonly string[]): Promise<Listing> => {
  const listing: Listing = { files: [], passedOver: 0 };
  for (const path of paths) {
    const found = await stat(path).catch((thrown: unknown) => {
      throw unreadable(path, thrown);
    });
    if (found.isDirectory()) await walk(path, 0, listing);
    else listing.files.push({ path, bytes: found.size });
  }
  const known = new Map(listing.files.map((file) => [file.path, file]));
  return { files: [...known.values()], passedOver: listing.passedOver };
};
