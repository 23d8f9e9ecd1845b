import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ImportRequest, type Inspection } from '../../contract/data.ts';
import { microsOf } from '../../contract/values.ts';
import { settableClock } from '../../engine/clock.ts';
import { silentLog } from '../../engine/log.ts';
import { openPlant, type Plant } from '../../store/plant.ts';
import { createIngest } from '../ingest.ts';

let folder: string;
let plant: Plant;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'look-'));
  plant = openPlant(folder, { clock: settableClock(microsOf(Date.UTC(2026, 5, 1))) });
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true });
});

const look = async (name: string, lines: readonly string[]): Promise<Inspection> => {
  const path = join(folder, name);
  writeFileSync(path, [...lines, ''].join('\n'));
  const ingest = createIngest({ plant, clock: settableClock(microsOf(Date.UTC(2026, 5, 1))), log: silentLog });
  const [inspection] = await ingest.inspect(ImportRequest.parse({ files: [path], site: 'UTC' }));
  if (inspection === undefined) throw new Error('nothing was looked at');
  return inspection;
};
const minute = (row: number): string => `2026-01-01 00:${String(row).padStart(2, '0')}:00`;

it('tells of each cell without a value why it has none', async () => {
  const cells = ['', '---', '-9999', 'kaputt', '7'];
  const rows = Array.from({ length: 30 }, (_, row) => `${minute(row)},${cells[row] ?? '5'},${row + 20}`);
  const { preview } = await look('press_1.csv', ['# missing value: -9999', 'time,flow,temperature', ...rows]);
  expect(preview.slice(0, 5).map(({ values }) => values.find(({ sensor }) => sensor === 'flow'))).toEqual([
    { sensor: 'flow', value: null, missing: 'empty' },
    { sensor: 'flow', value: null, missing: 'word' },
    { sensor: 'flow', value: null, missing: 'code' },
    { sensor: 'flow', value: null, missing: 'unreadable' },
    { sensor: 'flow', value: 7 },
  ]);
});

it('tells of bad quality in long form', async () => {
  const rows = Array.from({ length: 30 }, (_, row) => `${minute(row)},TI-1,${row === 1 ? '' : 20 + row},${row === 2 ? 'Bad' : 'Good'}`);
  const { preview } = await look('historian.csv', ['time,tag,value,quality', ...rows]);
  expect(preview.slice(0, 3).map(({ values }) => values[0]?.missing)).toEqual([undefined, 'empty', 'quality']);
});

it('shows an event table as events', async () => {
  const { mapping, events, preview } = await look('failures.csv', ['asset,kind,mode,start,end,comment', 'P-1,failure,BRD,2026-01-02 10:00:00,2026-01-02 12:00:00,seized', 'P-2,maintenance,oil,2026-01-03 10:00:00,,']);
  expect(mapping.layout).toBe('events');
  expect(preview).toEqual([]);
  expect(events.map(({ asset, kind, mode, end, comment }) => [asset, kind, mode, end !== null, comment])).toEqual([
    ['P-1', 'failure', 'BRD', true, 'seized'],
    ['P-2', 'maintenance', 'oil', false, null],
  ]);
});
