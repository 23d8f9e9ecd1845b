// One import into a new plant: import-once.ts FILE FOLDER prints one JSON line {seconds, peakMiB, values, bytes, delay}.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { ImportRequest } from '../../main/contract/data.ts';
import { systemClock } from '../../main/engine/clock.ts';
import { silentLog } from '../../main/engine/log.ts';
import { createIngest } from '../../main/ingest/ingest.ts';
import { openPlant } from '../../main/store/plant.ts';

const [file = '', folder = ''] = process.argv.slice(2);
const plant = openPlant(folder, { clock: systemClock });
const ingest = createIngest({ plant, clock: systemClock, log: silentLog });
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
const began = performance.now();
const report = await ingest.importFiles(ImportRequest.parse({ files: [file], site: 'UTC', asset: 'machine' }), {});
const seconds = (performance.now() - began) / 1000;
delay.disable();
const [first] = report.files;
plant.close();
const bytes = readdirSync(folder, { recursive: true, withFileTypes: true }).reduce((sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0), 0);
process.stdout.write(
  `${JSON.stringify({ seconds, cpu: (process.cpuUsage().user + process.cpuUsage().system) / 1e6, peakMiB: process.resourceUsage().maxRSS / 1024, values: first?.valuesStored, quarantined: first?.quarantined, bytes, delayMs: { p50: delay.percentile(50) / 1e6, p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 } })}\n`,
);
