// A thousand sensors at 1 Hz through a followed file: the engine's share of one core, and the time from a row's arrival until it can be read.
// follow.ts write FILE SECONDS: a logger, a row of 1,000 numbers each second. follow.ts read FILE FOLDER SECONDS: the engine; one JSON line.
import { appendFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { FollowRequest } from '../../main/contract/data.ts';
import { systemClock } from '../../main/engine/clock.ts';
import { silentLog } from '../../main/engine/log.ts';
import { createIngest } from '../../main/ingest/ingest.ts';
import { openPlant } from '../../main/store/plant.ts';
import { createRandom } from './files.ts';
import { summary } from './measure.ts';

const sensors = 1000;
const rowsBefore = 60;

const rowAt = (millis: number, random: () => number): string => `${new Date(millis).toISOString()},${Array.from({ length: sensors }, (_, i) => (20 + i / 10 + random()).toFixed(2)).join(',')}\n`;

const write = async (file: string, seconds: number): Promise<void> => {
  const random = createRandom(20_251_124);
  const began = Date.now();
  const past = Array.from({ length: rowsBefore }, (_, i) => rowAt(began - (rowsBefore - i) * 1000, random)).join('');
  writeFileSync(file, `time,${Array.from({ length: sensors }, (_, i) => `s${i}`).join(',')}\n${past}`);
  for (let k = 1; k <= seconds; k++) {
    await setTimeout(Math.max(0, began + k * 1000 - Date.now()));
    appendFileSync(file, rowAt(Date.now(), random));
  }
};

const read = async (file: string, folder: string, seconds: number): Promise<void> => {
  const plant = openPlant(folder, { clock: systemClock });
  const ingest = createIngest({ plant, clock: systemClock, log: silentLog });
  const delays: number[] = [];
  const [settling, began] = [3000, Date.now()];
  ingest.onRows(([asset]) => {
    const last = asset === undefined ? null : (plant.series.infos(asset)[0]?.last ?? null);
    // A row carries the time at which it was written.
    if (last !== null && Date.now() - began > settling) delays.push((Date.now() * 1000 - last) / 1e6);
  });
  ingest.follow(FollowRequest.parse({ paths: [file], site: 'UTC', asset: 'machine' }));
  ingest.start();
  await setTimeout(settling);
  const before = process.cpuUsage();
  const from = performance.now();
  await setTimeout(seconds * 1000);
  const spent = process.cpuUsage(before);
  const share = (spent.user + spent.system) / 1000 / (performance.now() - from);
  ingest.stop();
  await ingest.tick();
  plant.close();
  process.stdout.write(`${JSON.stringify({ sensors, seconds, coreShare: Number(share.toPrecision(3)), rows: delays.length, secondsToReadable: summary(delays) })}\n`);
};

const [role, file = '', ...rest] = process.argv.slice(2);
if (role === 'write') await write(file, Number(rest[0]));
else await read(file, rest[0] ?? '', Number(rest[1]));
