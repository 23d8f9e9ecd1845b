import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { EngineClient } from '../channel/client.ts';
import { AppError } from '../contract/errors.ts';
import type { Rebuilt } from '../contract/storage.ts';
import { systemClock } from '../engine/clock.ts';
import { acquirePlantLock } from '../store/lock.ts';
import { makeFolder } from '../store/place.ts';
import { restoreFrom } from '../store/restore.ts';
import { salvagePlant } from '../store/salvage/salvage.ts';
import { DATABASE_FILE } from '../store/swap.ts';
import { command, plantFolderOf, withPlant } from './command.ts';
import type { CommonOptions } from './options.ts';
import { print, tellProgress } from './output.ts';
import { waitForJob } from './session.ts';

/** Runs `work` under the plant's lock; where an engine has it, `ask` asks that engine. */
const withLock = async <T>(options: CommonOptions, work: (folder: string, stamp: string) => Promise<T>, ask: (client: EngineClient) => Promise<T>): Promise<T> => {
  const folder = plantFolderOf(options);
  makeFolder(folder);
  let release: () => void;
  try {
    release = acquirePlantLock(folder);
  } catch (thrown) {
    if (AppError.of(thrown).code !== 'plant-locked') throw thrown;
    let answer: T[] = [];
    await withPlant(options, async ({ client }) => {
      answer = [await ask(client)];
    });
    const [first] = answer;
    if (first === undefined) throw thrown;
    return first;
  }
  try {
    return await work(folder, new Date().toISOString().replaceAll(':', ''));
  } finally {
    release();
  }
};

/** A backup becomes the plant; what was there is kept beside it, never overwritten. */
const restore = (file: string, options: CommonOptions): Promise<{ kept: string | null }> =>
  withLock(
    options,
    async (folder, stamp) => ({ kept: await restoreFrom(file, folder, stamp) }),
    (client) => client.storage.restore({ file }),
  );

/** A new database of all that can still be read of a damaged one, which is kept beside it. */
const rebuild = (options: CommonOptions): Promise<Rebuilt> =>
  withLock(
    options,
    (folder, stamp) => {
      if (!existsSync(join(folder, DATABASE_FILE))) throw new AppError('not-found', `${folder} holds no plant`, { folder });
      return salvagePlant(folder, { stamp, now: systemClock.now() });
    },
    (client) => client.storage.rebuild({}),
  );

/** check, backup, restore, rebuild. */
export const storageCommands = (): Command[] => [
  command('check', "checks the plant's database").action((options: CommonOptions) =>
    withPlant(options, async ({ client, json, folder }) => {
      const report = await client.data.check({});
      print(json, report, () => (report.ok ? ['ok'] : report.problems));
      if (!report.ok) throw new AppError('plant-damaged', `the plant ${folder} is damaged: ${report.problems[0] ?? ''}${report.problems.length > 1 ? `, and ${report.problems.length - 1} more` : ''}; restore a backup`, { folder });
    }),
  ),
  command('backup', 'a safe copy, also while the window runs')
    .argument('<file>')
    .action((file: string, options: CommonOptions) =>
      withPlant(options, async ({ client, json }) => {
        const { job } = await client.data.backup({ file: resolve(file) });
        await waitForJob(client, job, tellProgress);
        print(json, { ok: true, problems: [], file: resolve(file) }, () => [`backup written to ${resolve(file)}`]);
      }),
    ),
  command('restore', 'a backup becomes the plant; what was there is kept beside it')
    .argument('<file>')
    .action(async (file: string, options: CommonOptions) => {
      const { kept } = await restore(resolve(file), options);
      print(options.json === true, { ok: true, problems: [], kept }, () => [`restored from ${resolve(file)}${kept === null ? '' : `; the database before it is ${kept}`}`]);
    }),
  command('rebuild', 'makes a new database of all that can be read of a damaged one, which is kept beside it').action(async (options: CommonOptions) => {
    const rebuilt = await rebuild(options);
    print(options.json === true, rebuilt, () => [
      `${rebuilt.rowsSaved} records and ${rebuilt.readingsSaved} readings saved; the damaged database is ${rebuilt.kept}`,
      ...(rebuilt.lost.length === 0 ? ['nothing is lost'] : rebuilt.lost.map((what) => `lost: ${what}`)),
    ]);
  }),
];
