import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { EventKind, ImportRequest, Mapping, NewEvent, type FileReport, type Inspection, type PlantEvent } from '../contract/data.ts';
import { AppError } from '../contract/errors.ts';
import type { Position } from '../contract/values.ts';
import { command, withPlant } from './command.ts';
import { checked, jsonFile, numberOption, positionOption, zoneOption, type CommonOptions } from './options.ts';
import { isoOf, positionOf, print, table, tellProgress } from './output.ts';
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

/** inspect, import, follow, quality. */
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
  command('quality', 'data quality per sensor').action((options: CommonOptions) =>
    withPlant(options, async ({ client, json }) => {
      const sensors = await client.data.quality({ asset: null });
      print(json, { sensors }, () =>
        table(
          ['asset', 'sensor', 'unit', 'count', 'missing', 'gaps', 'flat', 'spikes', 'out of range', 'score', 'reasons'],
          sensors.map((s) => [s.asset, s.name, s.unit, s.count, s.missing, s.gaps, s.flat, s.spikes, s.outOfRange, s.score, s.reasons.join('; ')]),
        ),
      );
    }),
  ),
];

/** A plant's time axis starts in 1970; cycle counts stay far below a day of microseconds. */
const eventPosition = (position: number | null): string | number | null => (position === null ? null : position > 86_400e6 ? isoOf(position) : position);

const showEvents = (json: boolean, list: readonly PlantEvent[]): void => {
  const rows = list.map((event) => ({ asset: event.assetName, kind: event.kind, mode: event.mode, start: eventPosition(event.start), end: eventPosition(event.end), knownAt: eventPosition(event.knownAt) }));
  print(json, { events: rows }, () => table(['asset', 'kind', 'mode', 'start', 'end', 'known at'], rows.map((row) => [row.asset, row.kind, row.mode, row.start, row.end, row.knownAt])));
};

/** events import, list, add. */
export const eventsCommand = (): Command => {
  const events = command('events', 'failures, maintenance and other labels');
  events.addCommand(
    command('import', 'imports an event table')
      .argument('<file>')
      .option('--site <zone>', 'zone of times that carry no offset', zoneOption)
      .action((file: string, options: ReadOptions) =>
        withPlant(options, async ({ client, json }) => showEvents(json, await client.data.importEvents({ file: resolve(file), site: options.site ?? null }))),
      ),
  );
  events.addCommand(command('list', 'lists the events').action((options: CommonOptions) => withPlant(options, async ({ client, json }) => showEvents(json, await client.data.events({ asset: null })))));
  events.addCommand(eventAddCommand());
  return events;
};

const eventAddCommand = (): Command =>
  command('add', 'adds one event')
    .requiredOption('--asset <name>', 'the machine')
    .addOption(new Option('--kind <kind>', 'what happened').choices(EventKind.options).makeOptionMandatory())
    .requiredOption('--start <t>', 'when it happened: ISO time or cycle', positionOption)
    .option('--mode <mode>', 'failure mode (ISO 14224), error code or operating mode', 'UNK')
    .option('--end <t>', 'when it ended', positionOption)
    .option('--known <t>', 'when it became known; by default when it happened', positionOption)
    .option('--comment <text>')
    .action((options: CommonOptions & { asset: string; kind: EventKind; start: Position; mode: string; end?: Position; known?: Position; comment?: string }) =>
      withPlant(options, async ({ client, json }) => {
        const { asset, kind, start, mode, end = null, known = start, comment = null } = options;
        const event = checked(NewEvent, { asset, kind, mode, start, end, knownAt: known, comment }, 'the event');
        showEvents(json, await client.data.addEvents({ events: [event] }));
      }),
    );
