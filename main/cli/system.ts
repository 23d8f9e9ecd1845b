import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { AppError } from '../contract/errors.ts';
import { startFileOf } from '../host/places.ts';
import { acquirePlantLock } from '../store/lock.ts';
import { restoreFrom } from '../store/restore.ts';
import { command, plantFolderOf, withPlant } from './command.ts';
import { wholeOption, type CommonOptions } from './options.ts';
import { print, table, tellProgress } from './output.ts';
import { waitForJob } from './session.ts';

/** A backup becomes the plant's database; the one that was there is kept beside it, never overwritten. */
const restore = (file: string, folder: string): string | null => {
  if (!existsSync(file)) throw new AppError('file-unreadable', `${file} does not exist`, { file });
  const release = acquirePlantLock(folder);
  try {
    return restoreFrom(file, folder, new Date().toISOString().replaceAll(':', ''));
  } finally {
    release();
  }
};

/** doctor, backends, check, backup, restore, serve. */
export const systemCommands = (): Command[] => [
  command('doctor', 'every part: version, origin, works or not, what to do').action((options: CommonOptions) =>
    withPlant(options, async ({ client, json }) => {
      const report = await client.system.doctor({});
      print(json, report, () => table(['part', 'version', 'works', 'origin', 'what to do'], report.parts.map((part) => [part.name, part.version, part.ok ? 'yes' : 'NO', part.origin, part.remedy])));
      if (!report.ok) process.exitCode = 1;
    }),
  ),
  command('backends', 'probes each compute backend').action((options: CommonOptions) =>
    withPlant(options, async ({ client, json }) => {
      const list = await client.system.backends({});
      print(json, list, () =>
        table(
          ['backend', 'device', 'available', 'self-check', 'windows/s', 'ms/epoch', 'chosen', 'reason'],
          list.map((b) => [b.name, b.device, b.available ? 'yes' : 'no', b.selfCheck, b.predictWindowsPerSecond, b.trainMsPerEpoch, b.chosen ? 'chosen' : '', b.reason]),
        ),
      );
    }),
  ),
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
    .action((file: string, options: CommonOptions) => {
      const kept = restore(resolve(file), plantFolderOf(options));
      print(options.json === true, { ok: true, problems: [], kept }, () => [`restored from ${resolve(file)}${kept === null ? '' : `; the database before it is ${kept}`}`]);
    }),
  command('serve', 'the engine without a window')
    .option('--port <n>', 'reserved for the HTTP API', wholeOption)
    .action((options: CommonOptions) =>
      withPlant(
        options,
        async ({ client, json, folder, holder }) => {
          if (holder !== null) throw new AppError('plant-locked', `the plant ${folder} is served already, by process ${holder}; other commands reach it there`, { folder, pid: holder });
          const { zone } = await client.system.settings({});
          print(json, { folder, zone }, () => [`serving ${folder}; Ctrl-C ends it`]);
          await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
        },
        true,
      ),
    ),
];

/** benchmark: runs in a process of its own and prints that process's one JSON document. */
export const benchmarkCommand = (): Command =>
  new Command('benchmark')
    .description("published protocols and speed; 'benchmark cmapss --help' for one")
    .argument('<name>', 'cmapss, skab, pronostia, fault, ingest, store, training, scoring')
    .allowUnknownOption()
    .helpOption(false)
    .argument('[args...]')
    .action(async (name: string, args: string[]) => {
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', startFileOf('benchmark'), name, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
      process.exitCode = await new Promise<number>((ended) => child.once('exit', (code) => ended(code ?? 1)));
    });
