import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { microsOf } from '../../contract/values.ts';
import { openPlant, type Plant } from '../../store/plant.ts';
import { systemClock } from '../clock.ts';
import { silentLog } from '../log.ts';
import { moveSetAside } from './setaside.ts';

let folder: string;
let plant: Plant;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mw-setaside-'));
  plant = openPlant(folder, { clock: systemClock });
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the oldest rows set aside leave the database for files, and none is lost', async () => {
  const at = microsOf(1_700_000_000_000);
  plant.quarantine.add(Array.from({ length: 105 }, (_, line) => ({ sourceFile: null, file: '/a, "b".csv', line, reason: 'row-cut', original: Buffer.from([0x22, 0x2c, 0xb0, 0x30 + (line % 10)]), at })));
  await moveSetAside(plant, new AbortController().signal, silentLog, 25, 30);

  const files = readdirSync(join(folder, 'quarantine')).toSorted();
  expect(files).toHaveLength(3);
  const texts = files.map((file) => gunzipSync(readFileSync(join(folder, 'quarantine', file))).toString('utf8').trimEnd().split('\n'));
  expect(texts.map((lines) => lines.length - 1)).toEqual([30, 30, 20]);
  expect(texts[0]?.slice(0, 2)).toEqual(['set aside at,file,line,reason,original', '2023-11-14T22:13:20.000Z,"/a, ""b"".csv",0,row-cut,""",\\xB00"']);
  const moved = texts.flatMap((lines) => lines.slice(1).map((text) => Number(/",(\d+),row-cut/.exec(text)?.[1])));
  const left = plant.quarantine.page(1000).rows.map(({ line }) => line);
  expect([...moved, ...left.toReversed()]).toEqual(Array.from({ length: 105 }, (_, line) => line));

  await moveSetAside(plant, new AbortController().signal, silentLog, 25, 30);
  expect(readdirSync(join(folder, 'quarantine'))).toHaveLength(3);
});
