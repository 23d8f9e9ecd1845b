import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ImportRequest, type Inspection } from '../contract/data.ts';
import { AppError } from '../contract/errors.ts';
import { command, withPlant } from './command.ts';
import { checked, zoneOption, type CommonOptions } from './options.ts';
import { positionOf, print, table, tellProgress } from './output.ts';
import { reportLines } from './filereports.ts';
import { followCommand } from './follow.ts';
import { mappingFile } from './mappingfile.ts';
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
  const mapping = options.mapping === undefined ? null : mappingFile(resolve(options.mapping), options.mapping);
  const request = { files: files.map((file) => resolve(file)), profile: options.profile ?? 'auto', mapping, site: options.site ?? null, asset: options.asset ?? null };
  return checked(ImportRequest, request, 'the import');
};

const flatInspection = ({ file, bytes, mapping, findings, preview, decisions, profile, raw, events }: Inspection) => ({
  file,
  bytes,
  layout: mapping.layout,
  dialect: mapping.dialect,
  timestamp: mapping.timestamp,
  columns: mapping.columns,
  findings,
  preview: preview.map((row) => ({ ...row, at: positionOf(mapping.axis, row.at) })),
  events,
  decisions,
  profile,
  raw,
  mapping,
});

const inspectionLines = (inspection: Inspection): string[] => {
  const { dialect, timestamp, layout, columns } = inspection.mapping;
  return [
    `${inspection.file}: ${layout} layout, delimiter ${JSON.stringify(dialect.delimiter)}, decimal ${JSON.stringify(dialect.decimal)}, ${dialect.encoding}, ${dialect.headerLines} header lines, time ${timestamp.kind} ${timestamp.format} (${timestamp.zone})`,
    ...table(['column', 'name', 'role', 'unit', 'why'], columns.map((column) => [column.index + 1, column.name, column.role, column.unit, column.why])),
    ...inspection.findings.map((finding) => `note (${finding.code}): ${finding.message}`),
    ...inspection.decisions.filter(({ isCertain }) => !isCertain).map(({ code, chosen, why, alternatives }) => `please confirm (${code}): ${chosen === '' ? 'none' : chosen}; ${why}${alternatives.length > 0 ? `; else ${alternatives.join(', ')}` : ''}`),
    ...inspection.preview.slice(0, 3).map((row) => `${String(positionOf(inspection.mapping.axis, row.at))}  ${row.asset}  ${row.values.map((value) => `${value.sensor}=${value.value ?? 'missing'}`).join('  ')}`),
  ];
};

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
  followCommand(),
];
