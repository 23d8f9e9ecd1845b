import { openPlant } from './plant.ts';
import { batchesOf, DONE_AFTER, prepareMachine, saveProgress, progressOf } from './kill.batches.ts';
import { systemClock } from '../engine/clock.ts';

// Writes batch after batch, as ingest would, until it is killed or has written them all. Run by kill.test.ts.
const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: kill.child.ts FOLDER');
const plant = openPlant(folder, { clock: systemClock });
const machine = prepareMachine(plant);
process.stdout.write('ready\n');
for (let n = progressOf(plant); n < DONE_AFTER; n += 1) {
  plant.transaction(() => {
    for (const batch of batchesOf(machine, n)) plant.series.append(batch);
    saveProgress(plant, n + 1);
  });
  plant.series.seal(undefined, n % 7 === 6);
}
plant.close();
