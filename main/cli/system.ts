import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Command } from 'commander';
import { AppError } from '../contract/errors.ts';
import { startFileOf } from '../host/places.ts';
import { backendsCommand } from './backends.ts';
import { command, withPlant } from './command.ts';
import { wholeOption, type CommonOptions } from './options.ts';
import { print, table } from './output.ts';
import { storageCommands } from './storage.ts';

/** doctor, backends, check, backup, restore, rebuild, serve. */
export const systemCommands = (): Command[] => [
  command('doctor', 'every part: version, origin, works or not, what to do').action((options: CommonOptions) =>
    withPlant(options, async ({ client, json }) => {
      const report = await client.system.doctor({});
      print(json, report, () => table(['part', 'version', 'works', 'origin', 'what to do'], report.parts.map((part) => [part.name, part.version, part.ok ? 'yes' : 'NO', part.origin, part.remedy])));
      if (!report.ok) process.exitCode = 1;
    }),
  ),
  backendsCommand(),
  ...storageCommands(),
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
