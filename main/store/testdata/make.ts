import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { microsOf } from '../../contract/values.ts';
import { settableClock } from '../../engine/clock.ts';
import { DATABASE_FILE, openPlant } from '../plant.ts';
import { oldSeries } from './contents.ts';

// Writes plant-1.db.gz with the version that runs it. It was run once; a later format gets a file of its own beside this one.
const target = join(import.meta.dirname, 'plant-1.db.gz');
if (existsSync(target)) throw new Error(`${target} is there already, and old files never change`);
const folder = mkdtempSync(join(tmpdir(), 'millwright-old-'));
const plant = openPlant(folder, { clock: settableClock(microsOf(1_700_000_000_000)) });
for (const { name, positions, values, inTail } of oldSeries) {
  const asset = plant.assets.ensure({ path: [name], machineType: 'pump', axis: 'time' }).id;
  const sensor = plant.sensors.ensure({ asset, name, unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id;
  const put = (from: number, to: number): void => {
    if (to > from) plant.transaction(() => plant.series.append({ asset, positions: positions.subarray(from, to), columns: [{ sensor, values: values.subarray(from, to) }] }));
  };
  const sealed = positions.length - inTail;
  put(0, sealed);
  plant.series.seal(asset, true);
  put(sealed, positions.length);
}
plant.close();
writeFileSync(target, gzipSync(readFileSync(join(folder, DATABASE_FILE)), { level: 9 }));
rmSync(folder, { recursive: true });
