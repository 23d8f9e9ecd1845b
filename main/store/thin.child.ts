import { microsOf } from '../contract/values.ts';
import { settableClock } from '../engine/clock.ts';
import { openPlant } from './plant.ts';

/* Thins the first half of a series, part by part, until it is killed or done. */
const plant = openPlant(process.argv[2] ?? '', { clock: settableClock(microsOf(0)) });
process.stdout.write('open\n');
const [sensor] = plant.sensors.list();
if (sensor !== undefined) {
  const task = { sensor: sensor.id, kind: sensor.kind, from: 0, to: 800_000, step: 10 };
  const grids = new Map<string, number>();
  for (let part = plant.series.thin(task, task.from, grids); part !== null && part.until < task.to; ) part = plant.series.thin(task, part.until, grids);
}
plant.close();
process.stdout.write('done\n');
