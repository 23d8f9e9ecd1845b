// The series store beside two SQLite layouts on the same readings, in turn: bytes a value, write and read speed; training sets against
// Parquet and DuckDB; roll-ups. node scripts/bench/store.ts [--rows N] [--rounds N]: one JSON document on standard output.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { systemClock } from '../../main/engine/clock.ts';
import { openPlant } from '../../main/store/plant.ts';
import { summary } from './measure.ts';
import { measureRollups, measureTraining, worstBytes } from './reading.ts';

const SENSORS = 50;
const BATCH = 20_000;
const { values: options } = parseArgs({ options: { rows: { type: 'string', default: '40000' }, rounds: { type: 'string', default: '5' }, json: { type: 'boolean' } } });
const rows = Number(options.rows);
const rounds = Number(options.rounds);

interface Result {
  readonly write: number;
  readonly read: number;
  readonly bytesPerValue: number;
}

/** Walks with noise, two decimals: what a plant's log looks like. Park and Miller's generator, the same readings each time. */
const makeReadings = (): { positions: Float64Array; columns: Float64Array[] } => {
  let state = 20_251_124;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
  const columns = Array.from({ length: SENSORS }, (_, sensor) => {
    let level = 20 + sensor;
    return Float64Array.from({ length: rows }, () => {
      level += random() * 0.4;
      return Math.round((level + random() * 0.3) * 100) / 100;
    });
  });
  return { positions: Float64Array.from({ length: rows }, (_, i) => 1_700_000_000_000_000 + i * 1_000_000), columns };
};

const { positions, columns } = makeReadings();
const values = rows * SENSORS;

/** Millions of values a second. */
const speed = (work: () => void): number => {
  const start = performance.now();
  work();
  return values / (performance.now() - start) / 1000;
};

const batches = (): [number, number][] => Array.from({ length: Math.ceil(rows / BATCH) }, (_, i) => [i * BATCH, Math.min(rows, (i + 1) * BATCH)]);

const assertRead = (count: number): void => {
  if (count !== values) throw new Error(`${count} values were read where ${values} were written`);
};

const measureOurs = (folder: string): Result => {
  const plant = openPlant(folder, { clock: systemClock });
  const asset = plant.assets.ensure({ path: ['machine'], machineType: 'pump', axis: 'time' }).id;
  const sensors = columns.map((_, i) => plant.sensors.ensure({ asset, name: `s${i}`, unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id);
  const write = speed(() => {
    for (const [from, to] of batches()) {
      const part = sensors.map((sensor, i) => ({ sensor, values: (columns[i] ?? positions).subarray(from, to) }));
      plant.transaction(() => plant.series.append({ asset, positions: positions.subarray(from, to), columns: part }));
    }
  });
  const read = speed(() => {
    assertRead(sensors.reduce((sum, sensor) => sum + plant.series.read(sensor).values.length, 0));
  });
  plant.close();
  return { write, read, bytesPerValue: statSync(join(folder, 'plant.db')).size / values };
};

const openPeer = (folder: string): Database.Database => {
  const database = new Database(join(folder, 'peer.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  return database;
};

const finishPeer = (database: Database.Database, folder: string, write: number, read: number): Result => {
  database.close();
  return { write, read, bytesPerValue: statSync(join(folder, 'peer.db')).size / values };
};

/** A row a value, with the key that finds a sensor's span. */
const measureRowPerValue = (folder: string): Result => {
  const database = openPeer(folder);
  database.exec('CREATE TABLE reading (sensor INTEGER NOT NULL, at INTEGER NOT NULL, value REAL NOT NULL, PRIMARY KEY (sensor, at)) STRICT, WITHOUT ROWID');
  const insert = database.prepare('INSERT INTO reading VALUES (?, ?, ?)');
  const write = speed(() => {
    for (const [from, to] of batches()) {
      database.transaction(() => {
        for (const [sensor, column] of columns.entries()) for (let row = from; row < to; row += 1) insert.run(sensor, positions[row], column[row]);
      })();
    }
  });
  const select = database.prepare<[number], unknown[]>('SELECT at, value FROM reading WHERE sensor = ? ORDER BY at').raw();
  const read = speed(() => {
    assertRead(columns.reduce((sum, _, sensor) => sum + select.all(sensor).length, 0));
  });
  return finishPeer(database, folder, write, read);
};

/** A row a moment, a column a sensor. */
const measureWide = (folder: string): Result => {
  const database = openPeer(folder);
  database.exec(`CREATE TABLE reading (at INTEGER PRIMARY KEY, ${columns.map((_, i) => `s${i} REAL`).join(', ')}) STRICT`);
  const insert = database.prepare(`INSERT INTO reading VALUES (?, ${columns.map(() => '?').join(', ')})`);
  const write = speed(() => {
    for (const [from, to] of batches()) {
      database.transaction(() => {
        for (let row = from; row < to; row += 1) insert.run(positions[row], ...columns.map((column) => column[row]));
      })();
    }
  });
  const select = database.prepare<[], unknown[]>('SELECT * FROM reading ORDER BY at').raw();
  const read = speed(() => {
    assertRead(select.all().length * SENSORS);
  });
  return finishPeer(database, folder, write, read);
};

const inFolder = (measure: (folder: string) => Result): Result => {
  const folder = mkdtempSync(join(tmpdir(), 'millwright-bench-'));
  try {
    return measure(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

// A round that isn't counted: all three run warm.
for (const measure of [measureOurs, measureRowPerValue, measureWide]) inFolder(measure);
const results = Array.from({ length: rounds }, () => ({ ours: inFolder(measureOurs), rowPerValue: inFolder(measureRowPerValue), wide: inFolder(measureWide) }));
const figures = (name: 'ours' | 'rowPerValue' | 'wide') => ({
  write: summary(results.map((round) => round[name].write)),
  read: summary(results.map((round) => round[name].read)),
  bytesPerValue: summary(results.map((round) => round[name].bytesPerValue)),
});
const ratioTo = (name: 'rowPerValue' | 'wide') => ({
  write: summary(results.map((round) => round.ours.write / round[name].write)),
  read: summary(results.map((round) => round.ours.read / round[name].read)),
});
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const training = await measureTraining(rounds, say);
const rollups = await measureRollups();
const worstBytesPerValue = await worstBytes();
process.stdout.write(
  `${JSON.stringify({ values, rounds, unit: 'million values a second', ratio: ratioTo('rowPerValue').write, ratios: { rowPerValue: ratioTo('rowPerValue'), wide: ratioTo('wide') }, ours: figures('ours'), peer: figures('rowPerValue'), wide: figures('wide'), worstBytesPerValue, training, rollups })}\n`,
);
