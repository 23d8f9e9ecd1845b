import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { makeFolder, putInPlace } from '../../store/place.ts';
import type { Plant } from '../../store/plant.ts';
import { bytesAsText, type StoredQuarantine } from '../../store/records/quarantine.ts';
import type { Log } from '../log.ts';

/** Rows set aside that stay in the database, where the window shows them: a sender of nothing but garbage must not make it ever larger. */
const inDatabase = 500_000;
/** Rows a file: a few megabytes before they are packed. */
const rowsAFile = 50_000;
const restMs = 50;

const pack = promisify(gzip);

const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Rows set aside as CSV: when, from which file and line, why, and what was written (other bytes than UTF-8 as \xNN). */
const asCsv = (rows: readonly StoredQuarantine[]): string => {
  const lines = rows.map(({ at, file, line, reason, original }) => [new Date(at / 1000).toISOString(), cell(file), line, reason, cell(bytesAsText(original))].join(','));
  return ['set aside at,file,line,reason,original', ...lines, ''].join('\n');
};

/**
 * Moves the oldest rows set aside out of the database into packed CSV files in the plant's folder `quarantine`: nothing is dropped.
 * A file is there and synced before its rows leave the database; cut in between, the same file is written again.
 * @param kept rows that stay in the database. @param perFile rows of one file
 */
export const moveSetAside = async (plant: Plant, signal: AbortSignal, log: Log, kept = inDatabase, perFile = rowsAFile): Promise<void> => {
  for (let rows = plant.quarantine.beyond(kept, perFile); rows.length > 0; rows = plant.quarantine.beyond(kept, perFile)) {
    const first = rows[0]?.id ?? 0;
    const last = rows.at(-1)?.id ?? 0;
    const folder = join(plant.folder, 'quarantine');
    makeFolder(folder);
    const file = join(folder, `rows-${String(first).padStart(12, '0')}-${String(last).padStart(12, '0')}.csv.gz`);
    const packed = await pack(asCsv(rows));
    const temporary = `${file}.part`;
    writeFileSync(temporary, packed);
    putInPlace(temporary, file);
    plant.quarantine.moved(last);
    log.info('the oldest rows set aside were moved into a file', { file, rows: rows.length });
    await pause(restMs, undefined, { signal });
  }
};
