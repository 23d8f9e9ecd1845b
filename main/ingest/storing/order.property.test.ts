import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ImportRequest } from '../../contract/data.ts';
import { microsOf } from '../../contract/values.ts';
import { settableClock } from '../../engine/clock.ts';
import { silentLog } from '../../engine/log.ts';
import { openPlant } from '../../store/plant.ts';
import { createIngest } from '../ingest.ts';

const clock = settableClock(microsOf(Date.UTC(2026, 0, 1)));
const timeOf = (i: number): string => new Date(Date.UTC(2025, 0, 1) + i * 10_000).toISOString().slice(0, 19).replace('T', ' ');

/** A stretch of one plant's log, in one of the forms in which it is exported; long enough, now and then, for chunks of its own. */
const part = fc.record({ from: fc.nat(6000), rows: fc.constantFrom(30, 400, 3000), isLong: fc.boolean(), isBackwards: fc.boolean(), every: fc.constantFrom(1, 1, 3) });
type Part = typeof part extends fc.Arbitrary<infer T> ? T : never;

/** What the log says: sensor 'b' has no value in some rows. */
const valueOf = (sensor: 'a' | 'b', i: number): string => (sensor === 'b' && i % 7 === 0 ? '' : sensor === 'a' ? `${(i * 13) % 500}.25` : String(1000 - (i % 90)));

const rowsOf = ({ from, rows, every, isBackwards }: Part): number[] => {
  const indexes = Array.from({ length: Math.ceil(rows / every) }, (_, k) => from + k * every);
  return isBackwards ? indexes.toReversed() : indexes;
};

const textOf = (one: Part, offset: number): string => {
  const value = (sensor: 'a' | 'b', i: number): string => (sensor === 'a' && offset > 0 ? `${i + offset}.5` : valueOf(sensor, i));
  const indexes = rowsOf(one);
  if (!one.isLong) return `time,a,b\n${indexes.map((i) => `${timeOf(i)},${value('a', i)},${value('b', i)}\n`).join('')}`;
  return `time,tag,value\n${indexes.map((i) => `${timeOf(i)},a,${value('a', i)}\n${timeOf(i)},b,${value('b', i)}\n`).join('')}`;
};

const contentsAfter = async (folder: string, files: readonly string[]) => {
  const plant = openPlant(mkdtempSync(join(folder, 'plant-')), { clock });
  const ingest = createIngest({ plant, clock, log: silentLog });
  for (const file of files) await ingest.importFiles(ImportRequest.parse({ files: [file], site: 'UTC', asset: 'pump' }), {});
  const machine = plant.assets.byName('pump');
  const sensors = machine === undefined ? [] : plant.sensors.ofAsset(machine.id).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const contents = sensors.map(({ id, name }) => {
    const { points, missing, first, last } = plant.series.info(id);
    return { name, points, missing, first, last, ...plant.series.read(id), columns: plant.series.columns(id, null, null, 50) };
  });
  const problems = plant.series.problems();
  plant.close();
  expect(problems).toEqual([]);
  return contents;
};

it('files that say the same of a log leave the same store in whatever order they come; where they contradict each other, the last one holds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'order-'));
  let round = 0;
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 2, maxLength: 4 }), fc.array(fc.nat(100), { minLength: 4, maxLength: 4 }), fc.boolean(), async (parts, keys, isContradicted) => {
        const write = (one: Part, offset: number): string => {
          const path = join(folder, `f${round++}.csv`);
          writeFileSync(path, textOf(one, offset));
          return path;
        };
        const files = parts.map((one) => write(one, 0));
        const shuffled = files.map((file, k) => [file, keys[k] ?? 0] as const).toSorted((a, b) => a[1] - b[1]).map(([file]) => file);
        const [first] = parts;
        const last = isContradicted && first ? [write(first, 7)] : [];
        const one = await contentsAfter(folder, [...files, ...last]);
        expect(await contentsAfter(folder, [...shuffled, ...last])).toEqual(one);
        if (!isContradicted || !first) return;
        const a = one.find(({ name }) => name === 'a');
        const index = rowsOf(first)[0] ?? 0;
        const at = (Date.UTC(2025, 0, 1) + index * 10_000) * 1000;
        expect(a?.values[a.positions.indexOf(at)]).toBe(index + 7.5);
      }),
      { numRuns: 8 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 120_000);
