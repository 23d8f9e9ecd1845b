import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FollowRequest } from '../../contract/data.ts';
import { microsOf } from '../../contract/values.ts';
import { settableClock } from '../../engine/clock.ts';
import { silentLog } from '../../engine/log.ts';
import { openPlant, type Plant } from '../../store/plant.ts';
import { createIngest, type Ingest } from '../ingest.ts';

const clock = settableClock(microsOf(Date.UTC(2026, 0, 1)));
const header = 'time,a (bar),b\n';
const rowOf = (i: number): string => `${new Date(Date.UTC(2025, 0, 1) + i * 1000).toISOString().slice(0, 19).replace('T', ' ')},${i}.25,${1000 - i}\n`;
const rows = (from: number, to: number): string => Array.from({ length: to - from }, (_, k) => rowOf(from + k)).join('');

let folder: string;
let logs: string;
let plant: Plant;
let ingest: Ingest;

const open = (): void => {
  plant = openPlant(folder, { clock });
  ingest = createIngest({ plant, clock, log: silentLog });
};
/** As after a kill: nothing but the database is left of what was known. */
const reopen = (): void => {
  plant.close();
  open();
};
const rounds = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await ingest.tick();
};
const stored = (name: string): number[] => {
  const sensor = plant.sensors.named(name)[0];
  return sensor ? [...plant.series.read(sensor.id).values] : [];
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'follow-'));
  logs = join(folder, 'logs');
  mkdirSync(logs);
  open();
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true });
});

type Step = { kind: 'write'; bytes: number } | { kind: 'rotate' } | { kind: 'tick' } | { kind: 'restart' };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 900 }).map((bytes): Step => ({ kind: 'write', bytes })) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'rotate' }) },
  { weight: 4, arbitrary: fc.constant<Step>({ kind: 'tick' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'restart' }) },
);

describe('following', () => {
  it('stores each row once, in whatever pieces it is written, however often the log is rotated and the reader starts anew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), fc.boolean(), async (steps, asFolder) => {
        const own = mkdtempSync(join(logs, 'x'));
        const live = join(own, 'pump.csv');
        const name = `pump_${own.slice(-6)}`;
        ingest.follow(FollowRequest.parse({ paths: [asFolder ? own : live], site: 'UTC', asset: name }));
        let rotations = 0;
        let waiting = header + rows(0, 120);
        let row = 120;
        writeFileSync(live, '');
        for (const one of steps) {
          if (one.kind === 'write') {
            appendFileSync(live, waiting.slice(0, one.bytes));
            waiting = waiting.slice(one.bytes);
            if (waiting.length < 1000) waiting += rows(row, (row += 40));
          } else if (one.kind === 'rotate') {
            // A logger rotates between lines, and its next file begins with the header.
            const rest = waiting.slice(0, waiting.indexOf('\n') + 1);
            appendFileSync(live, rest);
            waiting = header + waiting.slice(rest.length).replace(header, '');
            renameSync(live, join(own, `pump.${++rotations}.csv`));
            writeFileSync(live, '');
          } else if (one.kind === 'tick') await ingest.tick();
          else reopen();
        }
        appendFileSync(live, waiting);
        await rounds(8);
        const asset = plant.assets.byName(name);
        const sensor = asset && plant.sensors.byName(asset.id, 'b');
        expect(sensor ? [...plant.series.read(sensor.id).values] : []).toEqual(Array.from({ length: row }, (_, i) => 1000 - i));
        for (const source of ingest.sources()) ingest.unfollow(source.id);
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('a half-written last line waits for its end', async () => {
    const live = join(logs, 'pump.csv');
    writeFileSync(live, header + rows(0, 30) + rowOf(30).slice(0, 24));
    ingest.follow(FollowRequest.parse({ paths: [live], site: 'UTC', asset: null }));
    await rounds(3);
    expect(stored('a')).toHaveLength(30);
    appendFileSync(live, rowOf(30).slice(24));
    await rounds(1);
    expect(stored('a').at(-1)).toBe(30.25);
    expect(plant.quarantine.page(10).total).toBe(0);
  });

  it('position, rows and rows set aside survive a new start together', async () => {
    const live = join(logs, 'pump.csv');
    writeFileSync(live, `${header}${rows(0, 30)}nonsense,1,2\n`);
    ingest.follow(FollowRequest.parse({ paths: [live], site: 'UTC', asset: null }));
    await rounds(2);
    reopen();
    appendFileSync(live, rows(30, 40));
    await rounds(2);
    expect(stored('a')).toHaveLength(40);
    expect(ingest.sources()[0]).toMatchObject({ state: 'following', rowsStored: 40, quarantined: 1, position: readFileSync(live).length });
    expect(plant.quarantine.page(10).rows).toMatchObject([{ line: 32, reason: 'time-unreadable' }]);
  });

  it('a file that was emptied and begun anew is read from its start; one that was replaced as well', async () => {
    const live = join(logs, 'pump.csv');
    writeFileSync(live, header + rows(0, 60));
    ingest.follow(FollowRequest.parse({ paths: [live], site: 'UTC', asset: null }));
    await rounds(3);
    truncateSync(live);
    await rounds(1);
    writeFileSync(live, header + rows(100, 130));
    await rounds(5);
    expect(stored('a')).toHaveLength(90);
    writeFileSync(live, header + rows(200, 290));
    await rounds(3);
    expect(stored('a')).toHaveLength(180);
  });

  it('a place that is not there is unreachable, and read once it is', async () => {
    const share = join(folder, 'share');
    ingest.follow(FollowRequest.parse({ paths: [share], site: 'UTC', asset: null }));
    await rounds(1);
    expect(ingest.sources()[0]?.state).toBe('unreachable');
    mkdirSync(share);
    writeFileSync(join(share, 'fan.csv'), header + rows(0, 40));
    await rounds(6);
    expect(ingest.sources()[0]?.state).toBe('following');
    expect(stored('a')).toHaveLength(40);
    renameSync(share, `${share}-gone`);
    await rounds(1);
    expect(ingest.sources()[0]?.state).toBe('unreachable');
    expect(existsSync(share)).toBe(false);
  });

  it('machines that stand still and write the same lines are kept apart, over a new start as well', async () => {
    const idle = (from: number, to: number): string => Array.from({ length: to - from }, (_, k) => `${rowOf(from + k).slice(0, 19)},0,0\n`).join('');
    for (const name of ['pump_1', 'pump_2']) writeFileSync(join(logs, `${name}.csv`), header + idle(0, 40));
    ingest.follow(FollowRequest.parse({ paths: [logs], site: 'UTC', asset: null }));
    await rounds(2);
    expect(ingest.sources()[0]?.position).toBe(2 * (header + idle(0, 40)).length);
    reopen();
    for (const name of ['pump_1', 'pump_2']) appendFileSync(join(logs, `${name}.csv`), name === 'pump_1' ? rows(40, 50) : idle(40, 45));
    await rounds(2);
    const counts = plant.assets.machines().map(({ name, id }) => [name, plant.series.infos(id)[0]?.points]);
    expect(counts).toEqual([['pump_1', 50], ['pump_2', 45]]);
  });

  it('new files of a folder come in, one asset a file, and what is no log is said', async () => {
    writeFileSync(join(logs, 'pump_1.csv'), header + rows(0, 30));
    ingest.follow(FollowRequest.parse({ paths: [logs], site: 'UTC', asset: null }));
    await rounds(2);
    writeFileSync(join(logs, 'pump_2.csv'), header + rows(500, 530));
    writeFileSync(join(logs, 'book.csv'), Buffer.from('PK\u0003\u0004 an archive'));
    await rounds(2);
    expect(plant.assets.machines().map(({ name }) => name)).toEqual(['pump_1', 'pump_2']);
    const seen: string[] = [];
    ingest.onSource((source) => seen.push(source.state));
    ingest.onRows((assets) => seen.push(`rows of ${assets.length}`));
    appendFileSync(join(logs, 'pump_2.csv'), rows(530, 531));
    await rounds(1);
    expect(seen).toContain('rows of 1');
    expect(ingest.followReport([logs]).files.reduce((sum, file) => sum + file.rowsStored, 0)).toBe(61);
  });
});
