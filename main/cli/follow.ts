import { resolve } from 'node:path';
import type { Command } from 'commander';
import { FollowRequest, Mapping, type Source } from '../contract/data.ts';
import { command, withPlant, type CommandContext } from './command.ts';
import { reportLines } from './filereports.ts';
import { checked, jsonFile, numberOption, positiveOption, zoneOption, type CommonOptions } from './options.ts';
import { print } from './output.ts';
import { tellStandings } from './standings.ts';

interface FollowOptions extends CommonOptions {
  readonly for?: number;
  readonly site?: string;
  readonly asset?: string;
  readonly profile: string;
  readonly mapping?: string;
  readonly subfolders: boolean;
  readonly silentAfter?: number;
  readonly peer?: string[];
  readonly acknowledge?: boolean;
}

/** A file or folder as the engine finds it, or an address as it stands: tcp-listen://HOST:PORT. */
const placeOf = (path: string): string => (path.includes('://') ? path : resolve(path));

const requestOf = (paths: readonly string[], options: FollowOptions): FollowRequest => {
  const mapping = options.mapping === undefined ? null : checked(Mapping, jsonFile(resolve(options.mapping)), `the mapping ${options.mapping}`);
  const link = { peers: options.peer ?? [], acknowledge: options.acknowledge === true };
  const own = { profile: options.profile, subfolders: options.subfolders, silentAfterSeconds: options.silentAfter ?? null, link };
  return checked(FollowRequest, { paths: paths.map(placeOf), site: options.site ?? null, asset: options.asset ?? null, mapping, options: own }, 'what is to be followed');
};

/** Tells on standard error how lines get to the sources that wait for them. */
const tellAccess = async (client: CommandContext['client'], sources: readonly Source[]): Promise<void> => {
  for (const { id, kind, path } of sources) {
    if (kind !== 'tcp-listen' && kind !== 'http-listen') continue;
    const { token, example } = await client.data.sourceAccess({ source: id });
    process.stderr.write(`${path} waits for lines${token === null ? '' : `; token ${token}`}\n  ${example}\n`);
  }
};

const untilEnd = (seconds: number | undefined): Promise<void> =>
  new Promise((done) => {
    const timer = seconds === undefined ? null : setTimeout(done, seconds * 1000);
    process.once('SIGINT', () => {
      if (timer !== null) clearTimeout(timer);
      done();
    });
  });

/** follow */
export const followCommand = (): Command =>
  command('follow', 'tails growing files and folders, and takes lines over the network, from where it stopped')
    .argument('<path...>', 'files, folders, tcp-listen://HOST:PORT, tcp-connect://HOST:PORT, http-listen://HOST:PORT (without HOST: this machine alone)')
    .option('--for <seconds>', 'end after so many seconds; without it, on Ctrl-C', numberOption)
    .option('--site <zone>', 'zone of times that carry no offset', zoneOption)
    .option('--asset <name>', 'the asset of files and lines that name none')
    .option('--profile <name>', "how to read: 'auto', or a saved profile", 'auto')
    .option('--mapping <file>', 'a mapping file: every decision by hand (as inspect prints it)')
    .option('--no-subfolders', 'leave out the folders in a followed folder')
    .option('--silent-after <seconds>', 'tell the source as silent after so long without a row; by default by how often rows come', positiveOption)
    .option('--peer <address...>', 'addresses that may send; by default all that reach the port')
    .option('--acknowledge', "answer senders over TCP with 'OK <bytes>' once what they sent is on the disk")
    .action((paths: string[], options: FollowOptions) =>
      withPlant(
        options,
        async ({ client, json }) => {
          const started = Date.now();
          const sources = await client.data.follow(requestOf(paths, options));
          await tellAccess(client, sources);
          const ending = new AbortController();
          const telling = tellStandings(client, new Set(sources.map(({ path }) => path)), ending.signal);
          await Promise.race([untilEnd(options.for), telling]);
          ending.abort();
          await telling;
          const report = await client.data.followReport({ paths: paths.map(placeOf) });
          print(json, { ...report, seconds: (Date.now() - started) / 1000 }, () => reportLines(report.files));
        },
        true,
      ),
    );
