import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FollowRequest, type Source } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';
import type { SourceOptions } from '../../contract/sources.ts';
import { microsOf, SourceId } from '../../contract/values.ts';
import { settableClock } from '../../engine/clock.ts';
import { silentLog } from '../../engine/log.ts';
import { openPlant, type Plant } from '../../store/plant.ts';
import { createIngest, type Ingest } from '../ingest.ts';
import { zipOf } from '../reading/zip.made.ts';
import type { FoundFile } from './files.ts';
import { SourceFiles } from './sourcefiles.ts';
import { PlaceSupply } from './supply.ts';

const clock = settableClock(microsOf(Date.UTC(2026, 0, 1)));
const header = 'time,a (bar),b\n';
const rowOf = (i: number): string => `${new Date(Date.UTC(2025, 0, 1) + i * 1000).toISOString().slice(0, 19).replace('T', ' ')},${i}.25,${1000 - i}\n`;
const rows = (from: number, to: number): string => Array.from({ length: to - from }, (_, k) => rowOf(from + k)).join('');

let folder: string;
let logs: string;
let plant: Plant;
let ingest: Ingest;
/** What the next transactions end with instead of storing anything. */
let refusal: AppError | null = null;

const open = (pagesAtMost?: number): void => {
  const opened = openPlant(join(folder, 'plant'), { clock, ...(pagesAtMost === undefined ? {} : { pagesAtMost }) });
  plant = {
    ...opened,
    transaction: (work) =>
      opened.transaction(() => {
        const done = work();
        if (refusal) throw refusal;
        return done;
      }),
  };
  ingest = createIngest({ plant, clock, log: silentLog });
};
const reopen = (pagesAtMost?: number): void => {
  plant.close();
  open(pagesAtMost);
};
const follow = (asset: string | null = null, options: Partial<SourceOptions> = {}): void => {
  ingest.follow(FollowRequest.parse({ paths: [logs], site: 'UTC', asset, options }));
};
const rounds = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) {
    clock.advance(1e6);
    await ingest.tick();
  }
};
const source = (): Source | undefined => ingest.sources()[0];
const machines = (): Record<string, number> => Object.fromEntries(plant.assets.machines().map(({ id }) => [plant.assets.pathOf(id).join('/'), plant.series.infos(id)[0]?.points ?? 0]));
const sensorOf = (name: string) => {
  const [sensor] = plant.sensors.named(name);
  if (!sensor) throw new Error(`no sensor ${name}`);
  return sensor.id;
};
const log = (...path: string[]): string => join(logs, ...path);

beforeEach(() => {
  refusal = null;
  folder = mkdtempSync(join(tmpdir(), 'places-'));
  logs = join(folder, 'logs');
  mkdirSync(logs);
  open();
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true });
});

describe('a folder', () => {
  it('of folders: each is a machine, or the line that its machines stand on; equal names never are one machine', async () => {
    for (const [path, from] of [['fan_7/log.csv', 0], ['line_1/pump_1.csv', 100], ['line_2/pump_1.csv', 200], ['2025-01-01/mill.csv', 300]] as const) {
      mkdirSync(join(logs, path, '..'));
      writeFileSync(log(path), header + rows(from, from + 30));
    }
    follow();
    await rounds(2);
    expect(machines()).toEqual({ fan_7: 30, 'line_1/pump_1': 30, 'line_2/pump_1': 30, mill: 30 });
    appendFileSync(log('fan_7/log.csv'), rows(30, 35));
    rmSync(log('line_2'), { recursive: true });
    await rounds(16);
    expect(machines()).toMatchObject({ fan_7: 35 });
    expect(source()).toMatchObject({ state: 'following', rowsStored: 125, counts: { duplicates: 0, late: 0 } });
  });

  it('is read alone where its folders are not wanted', async () => {
    mkdirSync(log('old'));
    writeFileSync(log('old', 'pump.csv'), header + rows(0, 30));
    writeFileSync(log('fan.csv'), header + rows(0, 30));
    follow(null, { subfolders: false });
    await rounds(2);
    expect(machines()).toEqual({ fan: 30 });
  });

  it('of many files that each bring a row costs one write to the disk, and idle ones are looked at in turn', async () => {
    for (let i = 0; i < 120; i++) writeFileSync(log(`pump_${i}.csv`), header + rows(i * 100, i * 100 + 22));
    follow();
    await rounds(2);
    let transactions = 0;
    const { transaction } = plant;
    plant.transaction = (work) => {
      transactions++;
      return transaction(work);
    };
    for (let i = 0; i < 120; i++) appendFileSync(log(`pump_${i}.csv`), rowOf(i * 100 + 22));
    await rounds(1);
    expect(source()).toMatchObject({ rowsStored: 120 * 23, counts: { duplicates: 0 } });
    // One for the group; the 120 within it are parts of it.
    expect(transactions).toBe(121);
    await rounds(150);
    appendFileSync(log('pump_119.csv'), rowOf(11_923));
    await rounds(2);
    expect(source()?.rowsStored).toBe(120 * 23 + 1);
  }, 60_000);

  it('goes on though one of its files can not be stored', async () => {
    writeFileSync(log('pump.csv'), header + rows(0, 30));
    follow('press');
    await rounds(2);
    // Its records are numbered: they can't go to a machine that is recorded by time.
    writeFileSync(log('counted.csv'), `cycle,a,b\n${Array.from({ length: 30 }, (_, i) => `${i},${i}.5,7\n`).join('')}`);
    appendFileSync(log('pump.csv'), rows(30, 40));
    await rounds(3);
    expect(machines()).toEqual({ press: 40 });
    expect(source()).toMatchObject({ state: 'following', reason: { code: 'files-not-understood', details: { file: log('counted.csv'), count: 1 } } });
    unlinkSync(log('counted.csv'));
    await rounds(16);
    expect(source()).toMatchObject({ state: 'following', reason: null });
  });
});

describe('a log', () => {
  it('that is copied and emptied goes on in the copy, which is not read anew; pump_1.1.csv was pump_1.csv', async () => {
    writeFileSync(log('pump_1.csv'), header + rows(0, 90));
    follow();
    await rounds(2);
    appendFileSync(log('pump_1.csv'), rows(90, 95));
    copyFileSync(log('pump_1.csv'), log('pump_1.1.csv'));
    truncateSync(log('pump_1.csv'));
    appendFileSync(log('pump_1.csv'), header + rows(95, 98));
    await rounds(3);
    expect(machines()).toEqual({ pump_1: 98 });
    expect(source()).toMatchObject({ rowsStored: 98, counts: { duplicates: 0, late: 0, replaced: 0 } });
  });

  it.each(['copied and emptied', 'renamed'])('that is %s between the look at the names and the look at the files is looked for anew before its successor is read', async (how) => {
    writeFileSync(log('pump_1.csv'), header + rows(0, 90));
    follow();
    await rounds(2);
    appendFileSync(log('pump_1.csv'), rows(90, 95));
    if (how === 'renamed') renameSync(log('pump_1.csv'), log('pump_1.1.csv'));
    else copyFileSync(log('pump_1.csv'), log('pump_1.1.csv'));
    writeFileSync(log('pump_1.csv'), header + rows(95, 125));
    const found = (name: string): FoundFile => {
      const { size, mtimeMs: changed, ino: inode } = statSync(log(name));
      return { path: log(name), size, changed, inode, isOurs: false, subfolder: null };
    };
    const files = new SourceFiles(plant, clock, SourceId.parse(source()?.id));
    const successor = found('pump_1.csv');
    files.begin([successor]);
    expect(await files.open(successor, false)).toBe('gone');
    const rest = found('pump_1.1.csv');
    files.begin([rest, successor]);
    expect(await files.open(rest, false)).toMatchObject({ tail: { fed: header.length + rows(0, 90).length } });
    expect(await files.open(successor, false)).toMatchObject({ tail: { fed: 0 } });
  });

  it('that is replaced by one that begins alike and is as long is read from its start', async () => {
    const preamble = `${Array.from({ length: 90 }, (_, i) => `# a remark that every file of this logger has, number ${String(i).padStart(3, '0')}`).join('\n')}\n`;
    expect(preamble.length).toBeGreaterThan(4096);
    writeFileSync(log('pump.csv'), preamble + header + rows(0, 60));
    follow();
    await rounds(2);
    writeFileSync(log('pump.csv'), preamble + header + rows(100, 170));
    await rounds(3);
    expect(machines()).toEqual({ pump: 130 });
    reopen();
    writeFileSync(log('pump.csv'), preamble + header + rows(200, 280));
    await rounds(2);
    expect(machines()).toEqual({ pump: 210 });
  });

  it('that is compressed after it was rotated is not read anew; a compressed file of its own is read once it is whole', async () => {
    writeFileSync(log('pump.csv'), header + rows(0, 200));
    follow();
    await rounds(2);
    writeFileSync(log('pump.1.csv.gz'), gzipSync(header + rows(0, 220)));
    unlinkSync(log('pump.csv'));
    writeFileSync(log('pump.csv'), header + rows(220, 250));
    const packed = gzipSync(header + rows(500, 600));
    writeFileSync(log('fan.csv.gz'), packed.subarray(0, 500));
    await rounds(1);
    writeFileSync(log('fan.csv.gz'), packed);
    await rounds(5);
    expect(machines()).toEqual({ pump: 250, fan: 100 });
    expect(source()?.counts).toMatchObject({ duplicates: 0 });
  });

  it('in an archive that appears in the folder is read once the archive is whole, and not anew after a new start', async () => {
    writeFileSync(log('pump.csv'), header + rows(0, 60));
    follow();
    await rounds(2);
    const archive = zipOf([{ name: '2025/fan.csv', bytes: Buffer.from(header + rows(100, 140)) }, { name: 'pump.csv', bytes: Buffer.from(header + rows(0, 65)) }]);
    writeFileSync(log('all.zip'), archive.subarray(0, 300));
    clock.set(microsOf(Date.now()));
    await rounds(1);
    writeFileSync(log('all.zip'), archive);
    unlinkSync(log('pump.csv'));
    clock.set(microsOf(Date.now() + 60_000));
    await rounds(3);
    expect(machines()).toEqual({ pump: 65, fan: 40 });
    expect(source()).toMatchObject({ state: 'following', reason: null, counts: { duplicates: 0 } });
    reopen();
    await rounds(3);
    expect(source()).toMatchObject({ rowsStored: 105, counts: { duplicates: 0 } });
    clock.set(microsOf(Date.UTC(2026, 0, 1)));
  });

  it('whose last line never gets its end is read whole after an hour, and again should its end come', async () => {
    writeFileSync(log('pump.csv'), header + rows(0, 30) + rowOf(30).trimEnd());
    follow();
    await rounds(2);
    expect(machines()).toEqual({ pump: 30 });
    clock.set(microsOf(Date.now() + 2 * 3_600_000));
    await rounds(2);
    expect(machines()).toEqual({ pump: 31 });
    appendFileSync(log('pump.csv'), `5\n${rowOf(31)}`);
    await rounds(2);
    expect(machines()).toEqual({ pump: 32 });
    expect(plant.series.read(sensorOf('b')).values[30]).toBe(9705);
    expect(plant.quarantine.page(1).total).toBe(0);
    clock.set(microsOf(Date.UTC(2026, 0, 1)));
  });

  it('that has late, repeated and corrected rows counts them', async () => {
    writeFileSync(log('pump.csv'), header + rows(10, 40));
    follow();
    await rounds(2);
    appendFileSync(log('pump.csv'), rows(5, 8) + rows(20, 22) + rowOf(40).replace('960', '961') + rowOf(40));
    await rounds(2);
    expect(source()).toMatchObject({ rowsStored: 34, counts: { late: 3, duplicates: 5, replaced: 1 } });
    expect(ingest.followReport([]).files).toMatchObject([{ late: 3, duplicates: 5, replaced: 1 }]);
  });
});

describe('a plant that can store nothing', () => {
  it.each([
    ['disk-full', 'disk-full'],
    ['plant-locked', 'plant-locked'],
    ['plant-damaged', 'plant-damaged'],
  ] as const)('(%s) holds its sources back, and nothing is lost or taken by halves', async (error, code) => {
    writeFileSync(log('pump.csv'), header + rows(0, 30));
    writeFileSync(log('fan.csv'), header + rows(0, 30));
    follow();
    await rounds(2);
    refusal = new AppError(error, 'so it is');
    appendFileSync(log('pump.csv'), rows(30, 40));
    await rounds(2);
    expect(source()).toMatchObject({ state: 'held', reason: { code }, rowsStored: 60, position: 2 * (header + rows(0, 30)).length });
    appendFileSync(log('fan.csv'), rows(30, 50));
    refusal = null;
    await rounds(40);
    expect(source()).toMatchObject({ state: 'following', reason: null, rowsStored: 90, counts: { duplicates: 0 } });
    expect(machines()).toEqual({ pump: 40, fan: 50 });
  });

  it('since its disk is full goes on by itself from where it was', async () => {
    writeFileSync(log('pump.csv'), header + rows(0, 30));
    follow();
    await rounds(2);
    const random = (i: number): string => `${rowOf(i).slice(0, 19)},${Math.sin(i) * 1e9},${Math.cos(i) * 1e-9}\n`;
    appendFileSync(log('pump.csv'), Array.from({ length: 60_000 }, (_, k) => random(30 + k)).join(''));
    reopen(120);
    await rounds(2);
    const held = source();
    expect(held).toMatchObject({ state: 'held', reason: { code: 'disk-full' } });
    expect(plant.check().problems).toEqual([]);
    reopen();
    await rounds(3);
    expect(source()).toMatchObject({ state: 'following', rowsStored: 60_030, counts: { duplicates: 0 } });
    expect(plant.check().problems).toEqual([]);
  }, 60_000);
});

describe('silence', () => {
  it('is told by how often rows usually come, and not for what a sleeping machine missed', async () => {
    writeFileSync(log('pump.csv'), header + rows(0, 30));
    follow();
    for (let i = 0; i < 10; i++) {
      appendFileSync(log('pump.csv'), rowOf(30 + i));
      await rounds(1);
    }
    await rounds(50);
    expect(source()?.silentSince).toBeNull();
    await rounds(20);
    expect(source()?.silentSince).toBe(source()?.lastRowAt);
    appendFileSync(log('pump.csv'), rowOf(40));
    await rounds(1);
    expect(source()?.silentSince).toBeNull();
    // Three hours asleep; then the log goes on within the minute that it gets.
    clock.advance(3 * 3600e6);
    await rounds(30);
    expect(source()?.silentSince).toBeNull();
    appendFileSync(log('pump.csv'), rowOf(41));
    await rounds(40);
    expect(source()?.silentSince).toBeNull();
  });

  it('is told after the time that was stated', async () => {
    writeFileSync(log('pump.csv'), header + rows(0, 30));
    follow(null, { silentAfterSeconds: 5 });
    await rounds(4);
    expect(source()?.silentSince).toBeNull();
    await rounds(6);
    expect(source()?.silentSince).not.toBeNull();
  });

  it('of a share is not taken for a folder without logs where nothing is mounted any more, also after a new start', async () => {
    follow();
    let devices: Record<string, number> = { [logs]: 7, [folder]: 1 };
    const supply = (): PlaceSupply => {
      const followed = source();
      if (!followed) throw new Error('nothing is followed');
      return new PlaceSupply(plant, clock, followed, (path) => Promise.resolve(devices[path] ?? NaN));
    };
    writeFileSync(log('pump.csv'), header + rows(0, 30));
    const first = supply();
    expect(await first.look(0)).toHaveLength(1);
    unlinkSync(log('pump.csv'));
    expect(await first.look(0)).toEqual([]);
    devices = { [logs]: 1, [folder]: 1 };
    await expect(first.look(0)).rejects.toMatchObject({ code: 'ENODEV' });
    await expect(supply().look(0)).rejects.toMatchObject({ code: 'ENODEV' });
    // A folder of this very disk, with logs in it, is read all the same.
    writeFileSync(log('pump.csv'), header + rows(0, 30));
    expect(await supply().look(0)).toHaveLength(1);
  });

  it('of a place that is gone is told by its state, with what the system says', async () => {
    writeFileSync(log('pump.csv'), header + rows(0, 30));
    follow();
    await rounds(2);
    renameSync(logs, `${logs}-away`);
    await rounds(1);
    expect(source()).toMatchObject({ state: 'unreachable', reason: { code: 'not-there', details: { path: logs, system: 'ENOENT' } } });
    appendFileSync(join(`${logs}-away`, 'pump.csv'), rows(30, 33));
    renameSync(`${logs}-away`, logs);
    await rounds(8);
    expect(source()).toMatchObject({ state: 'following', reason: null, rowsStored: 33, counts: { duplicates: 0 } });
  });
});

describe('a long history', () => {
  it('is no place that hangs: its source is following while it is read', async () => {
    for (let i = 0; i < 30; i++) writeFileSync(log(`pump_${i}.csv`), header + rows(i * 100, i * 100 + 22));
    const seen = new Set<string>();
    ingest.onSource((told) => seen.add(told.state));
    follow();
    // Each look at a file is slow here, as on a share far away.
    const slow = plant.sources.followedAs;
    plant.sources.followedAs = (id) => {
      const end = performance.now() + 200;
      while (performance.now() < end);
      return slow(id);
    };
    await rounds(1);
    expect(source()?.rowsStored).toBeLessThan(30 * 22);
    await rounds(2);
    expect(source()).toMatchObject({ state: 'following', rowsStored: 30 * 22 });
    expect([...seen]).toEqual(['waiting', 'following']);
  }, 60_000);
});
