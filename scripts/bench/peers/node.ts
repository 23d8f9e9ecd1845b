// What a Node program does without Python at hand: papaparse, and a row a moment in SQLite.
import { readFileSync, rmSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import Papa from 'papaparse';
import type { MadeFile } from '../files.ts';
import type { Contender } from '../measure.ts';

export const storeWithNode = (file: MadeFile, freshFolder: () => string): Contender => ({
  name: 'papaparse and SQLite',
  does: 'cells as numbers, a row a moment by its key, on the disk',
  run: () => {
    const folder = freshFolder();
    mkdirSync(folder, { recursive: true });
    const began = performance.now();
    const database = new Database(join(folder, 'peer.db'));
    try {
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = FULL');
      const { data } = Papa.parse<(string | number | null)[]>(readFileSync(file.path, 'utf8'), { header: false, dynamicTyping: true, skipEmptyLines: true });
      const [names = []] = data;
      const key = names[1] === 'tag' ? 'time, tag' : 'time';
      database.exec(`CREATE TABLE reading (${names.map((name) => `"${String(name)}"`).join(', ')}, PRIMARY KEY (${key})) WITHOUT ROWID`);
      const insert = database.prepare(`INSERT OR REPLACE INTO reading VALUES (${names.map(() => '?').join(', ')})`);
      database.transaction(() => {
        for (let row = 1; row < data.length; row++) insert.run(...(data[row] ?? []));
      })();
    } finally {
      database.close();
      rmSync(folder, { recursive: true, force: true });
    }
    return { seconds: (performance.now() - began) / 1000 };
  },
});
