import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ImportRequest, Mapping, type FileReport, type Inspection } from '../contract/data.ts';
import { AppError } from '../contract/errors.ts';
import { command, withPlant } from './command.ts';
import { checked, jsonFile, numberOption, zoneOption, type CommonOptions } from './options.ts';
import { positionOf, print, table, tellProgress } from './output.ts';
import { waitForJob } from './session.ts';

interface ReadOptions extends CommonOptions {
  readonly profile?: string;
  readonly mapping?: string;
  readonly site?: string;
  readonly asset?: string;
}

const readOptions = (made: Command): Command =>
  made
    .option('--profile <name>', "how to read the files: 'auto', 'cmapss', or a saved profile", 'auto')
    .option('--mapping <file>', 'a mapping file: every decision by hand (as inspect prints it)')
    .option('--site <zone>', 'zone of times that carry no offset', zoneOption)
    .option('--asset <name>', 'the asset of files that name none');

const requestOf = (files: readonly string[], options: ReadOptions): ImportRequest => {
  const mapping = options.mapping === undefined ? null : checked(Mapping, jsonFile(resolve(options.mapping)), `the mapping ${options.mapping}`);
  const request = { files: files.map((file) => resolve(file)), profile: options.profile ?? 'auto', mapping, site: options.site ?? null, asset: options.asset ?? null };
  return checked(ImportRequest, request, 'the import');
};

const flatInspection = ({ file, bytes, mapping, findings, preview }: Inspection) => ({
  file,
  bytes,
  layout: mapping.layout,
  dialect: mapping.dialect,
  timestamp: mapping.timestamp,
  columns: mapping.columns,
  findings,
  preview: preview.map((row) => ({ ...row, at: positionOf(mapping.axis, row.at) })),
  mapping,
});

const inspectionLines = (inspection: Inspection): string[] => {
  const { dialect, timestamp, layout, columns } = inspection.mapping;
  return [
    `${inspection.file}: ${layout} layout, delimiter ${JSON.stringify(dialect.delimiter)}, decimal ${JSON.stringify(dialect.decimal)}, ${dialect.encoding}, ${dialect.headerLines} header lines, time ${timestamp.kind} ${timestamp.format} (${timestamp.zone})`,
    ...table(['column', 'name', 'role', 'unit', 'why'], columns.map((column) => [column.index + 1, column.name, column.role, column.unit, column.why])),
    ...inspection.findings.map((finding) => `note (${finding.code}): ${finding.message}`),
    ...inspection.preview.slice(0, 3).map((row) => `${String(positionOf(inspection.mapping.axis, row.at))}  ${row.asset}  ${row.values.map((value) => `${value.sensor}=${value.value ?? 'missing'}`).join('  ')}`),
  ];
};

const reportLines = (files: readonly FileReport[]): string[] => [
  ...table(
    ['file', 'rows read', 'rows stored', 'values stored', 'missing', 'duplicates', 'replaced', 'quarantined'],
    files.map((file) => [file.file, file.rowsRead, file.rowsStored, file.valuesStored, file.missing, file.duplicates, file.replaced, file.quarantined]),
  ),
  ...files.flatMap((file) => Object.entries(file.reasons).map(([reason, rows]) => `${file.file}: ${rows} rows quarantined: ${reason}`)),
];

const importCommand = (): Command =>
  readOptions(command('import', 'imports files once'))
    .argument('<file...>')
    .action((files: string[], options: ReadOptions) =>
      withPlant(options, async ({ client, json }) => {
        const { job } = await client.data.import(requestOf(files, options));
        await waitForJob(client, job, tellProgress);
        const report = await client.data.importReport({ job });
        const unread = report.files.filter((file) => file.error !== null);
        print(json, report, () => [
          ...reportLines(report.files),
          `${report.assets.length} assets, ${report.sensors.length} sensors, ${report.events} events; ${Math.round(report.valuesPerSecond)} values/s, peak ${Math.round(report.peakMemoryMiB)} MiB, ${report.seconds.toFixed(1)} s`,
        ]);
        // The others are stored and told; that these are not is a failure of the work.
        if (unread.length > 0) throw new AppError(unread[0]?.error ?? 'file-unreadable', `${unread.length} of ${report.files.length} files could not be read: ${unread.map((file) => file.message).join('; ')}`);
      }),
    );

/** A file or folder as the engine finds it, or an address as it stands: tcp-listen://HOST:PORT. */
const placeOf = (path: string): string => (path.includes('://') ? path : resolve(path));

/** inspect, import, follow. */
export const dataCommands = (): Command[] => [
  readOptions(command('inspect', 'shows how files will be read; stores nothing'))
    .argument('<file...>')
    .action((files: string[], options: ReadOptions) =>
      withPlant(options, async ({ client, json }) => {
        const inspections = await client.data.inspect(requestOf(files, options));
        print(json, { files: inspections.map(flatInspection) }, () => inspections.flatMap(inspectionLines));
      }),
    ),
  importCommand(),
  command('follow', 'tails growing files and folders from where it stopped')
    .argument('<path...>')
    .option('--for <seconds>', 'end after so many seconds; without it, on Ctrl-C', numberOption)
    .option('--site <zone>', 'zone of times that carry no offset', zoneOption)
    .option('--asset <name>', 'the asset of files that name none')
    .action((paths: string[], options: ReadOptions & { for?: number }) =>
      withPlant(
        options,
        async ({ client, json }) => {
          const started = Date.now();
          await client.data.follow({ paths: paths.map(placeOf), site: options.site ?? null, asset: options.asset ?? null });
          await new Promise<void>((done) => {
            const timer = options.for === undefined ? null : setTimeout(done, options.for * 1000);
            process.once('SIGINT', () => {
              if (timer !== null) clearTimeout(timer);
              done();
            });
          });
          const report = await client.data.followReport({ paths: paths.map(placeOf) });
          const seconds = (Date.now() - started) / 1000;
          print(json, { ...report, seconds }, () => reportLines(report.files));
        },
        true,
      ),
    ),
];
