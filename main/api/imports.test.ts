import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, type EngineClient } from '../channel/client.ts';
import { Mapping } from '../contract/data.ts';
import type { Job } from '../contract/jobs.ts';
import type { JobId } from '../contract/values.ts';
import { systemClock } from '../engine/clock.ts';
import { openEngine, type Engine } from '../engine/engine.ts';
import { silentLog } from '../engine/log.ts';

let folder: string;
let engine: Engine;
let client: EngineClient;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mw-imports-'));
  engine = await openEngine({ folder: join(folder, 'plant'), clock: systemClock, log: silentLog, background: false });
  client = createClient(engine.connect('test'));
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const put = (name: string, rows: readonly string[]): string => {
  const file = join(folder, name);
  writeFileSync(file, ['time,flow', ...rows, ''].join('\n'));
  return file;
};
const rows = (day: string, more = 0): string[] => Array.from({ length: 30 }, (_, row) => `${day} 10:${String(row).padStart(2, '0')}:00,${row + more}`);
const ended = async (job: JobId): Promise<Job> => {
  for (;;) {
    const now = await client.jobs.get({ job });
    if (now.state !== 'queued' && now.state !== 'running') return now;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

describe('imports', () => {
  it('that failed are started again as they were asked for', async () => {
    const file = join(folder, 'late.csv');
    const { job } = await client.data.import({ files: [file], asset: 'Kiln' });
    expect(await ended(job)).toMatchObject({ state: 'failed', error: { code: 'file-unreadable' } });
    put('late.csv', rows('2026-01-05'));
    const again = await client.jobs.restart({ job });
    expect(again.job).not.toBe(job);
    expect(await ended(again.job)).toMatchObject({ state: 'done' });
    expect(await client.data.importReport(again)).toMatchObject({ assets: ['Kiln'], files: [{ file, rowsStored: 30 }] });
  });

  it('read each kind of file by its own mapping, in one job', async () => {
    const one = put('press_1.csv', rows('03/04/2025'));
    const two = put('press_2.csv', rows('03/04/2025', 0.5));
    const [look] = await client.data.inspect({ files: [one], site: 'UTC' });
    const mapping = Mapping.parse(look?.mapping);
    const monthFirst = { ...mapping, timestamp: { ...mapping.timestamp, format: 'MM/dd/yyyy HH:mm:ss' } };
    const { job } = await client.data.import({ files: [one, two], site: 'UTC', readAs: [{ files: [two], mapping: monthFirst }] });
    expect(await ended(job)).toMatchObject({ state: 'done' });
    const first = async (asset: string): Promise<number | undefined> => (await client.data.points({ sensor: 'flow', asset, limit: 1 })).points[0]?.[0];
    expect(await first('press_1')).toBe(Date.UTC(2025, 3, 3, 10) * 1000);
    expect(await first('press_2')).toBe(Date.UTC(2025, 2, 4, 10) * 1000);
  });

  it('that are no imports, or under way, are not started again', async () => {
    const { job } = await client.data.backup({ file: join(folder, 'backup.db') });
    await ended(job);
    expect(readFileSync(join(folder, 'backup.db')).length).toBeGreaterThan(0);
    await expect(client.jobs.restart({ job })).rejects.toMatchObject({ code: 'state-conflict' });
  });
});
