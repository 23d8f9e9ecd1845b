import { readSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { FollowRequest } from '../../../contract/data.ts';
import { systemClock } from '../../../engine/clock.ts';
import { silentLog } from '../../../engine/log.ts';
import { openPlant, type Plant } from '../../../store/plant.ts';
import { createIngest } from '../../ingest.ts';

/*
 * Opens a plant and follows as the engine does, round after round without rest, until it is killed. Run by follower.test.ts. Begins when its
 * standard input says so, since loading takes longer than living. 3 is a pipe: 'B' when a transaction begins, 'E' when it has ended, 'R' after
 * each round.
 */
const [folder, path] = process.argv.slice(2);
if (folder === undefined || path === undefined) throw new Error('usage: child.ts PLANT PATH');
readSync(0, Buffer.alloc(1));

const opened = openPlant(folder, { clock: systemClock });
const plant: Plant = {
  ...opened,
  transaction: (work) => {
    writeSync(3, 'B');
    try {
      return opened.transaction(work);
    } finally {
      writeSync(3, 'E');
    }
  },
};
const isAddress = path.includes('://');
const ingest = createIngest({ plant, clock: systemClock, log: silentLog });
if (plant.sources.list().length === 0) ingest.follow(FollowRequest.parse({ paths: [path], site: 'UTC', asset: isAddress ? 'pump_1' : null, options: { link: { acknowledge: true } } }));
if (isAddress) ingest.start();
for (;;) {
  await ingest.tick();
  writeSync(3, 'R');
  await delay(2);
}
