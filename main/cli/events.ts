import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { EventKind, NewEvent, type PlantEvent } from '../contract/data.ts';
import type { LabelFinding } from '../contract/labels.ts';
import type { Position } from '../contract/values.ts';
import { command, withPlant } from './command.ts';
import { checked, positionOption, zoneOption, type CommonOptions } from './options.ts';
import { isoOf, print, table } from './output.ts';

/** A plant's time axis starts in 1970; cycle counts stay far below a day of microseconds. */
const eventPosition = (position: number | null): string | number | null => (position === null ? null : position > 86_400e6 ? isoOf(position) : position);

const showEvents = (json: boolean, list: readonly PlantEvent[], aside?: readonly { line: number; reason: string }[]): void => {
  const rows = list.map((event) => ({ asset: event.assetName, kind: event.kind, mode: event.mode, start: eventPosition(event.start), end: eventPosition(event.end), knownAt: eventPosition(event.knownAt) }));
  print(json, { events: rows, ...(aside === undefined ? {} : { setAside: aside }) }, () => [
    ...table(['asset', 'kind', 'mode', 'start', 'end', 'known at'], rows.map((row) => [row.asset, row.kind, row.mode, row.start, row.end, row.knownAt])),
    ...(aside ?? []).map(({ line, reason }) => `line ${line} can't be used: ${reason}`),
  ]);
};

const showFindings = (json: boolean, findings: readonly LabelFinding[]): void => {
  const rows = findings.map((finding) => ({ ...finding, start: eventPosition(finding.start) }));
  print(json, { findings: rows }, () =>
    rows.length === 0 ? ['nothing speaks against the events'] : table(['severity', 'code', 'asset', 'kind', 'mode', 'start', 'finding'], rows.map((row) => [row.severity, row.code, row.assetName, row.kind, row.mode, row.start, row.message])),
  );
};

/** events import, list, add, check, modes. */
export const eventsCommand = (): Command => {
  const events = command('events', 'failures, maintenance and other labels');
  events.addCommand(
    command('import', 'imports an event table')
      .argument('<file>')
      .option('--site <zone>', 'zone of times that carry no offset', zoneOption)
      .action((file: string, options: CommonOptions & { site?: string }) =>
        withPlant(options, async ({ client, json }) => {
          const { events: added, aside } = await client.data.importEvents({ file: resolve(file), site: options.site ?? null });
          showEvents(json, added, aside);
        }),
      ),
  );
  events.addCommand(command('list', 'lists the events').action((options: CommonOptions) => withPlant(options, async ({ client, json }) => showEvents(json, await client.data.events({ asset: null })))));
  events.addCommand(eventAddCommand());
  events.addCommand(command('check', 'tells what makes events doubtful as labels; changes nothing').action((options: CommonOptions) => withPlant(options, async ({ client, json }) => showFindings(json, await client.labels.check({})))));
  events.addCommand(
    command('modes', 'lists the failure modes').action((options: CommonOptions) =>
      withPlant(options, async ({ client, json }) => {
        const modes = await client.labels.modes({});
        print(json, { modes }, () => table(['code', 'mode', '模式', 'from', 'in use'], modes.map(({ code, en, zh, origin, isInUse }) => [code, en, zh, origin, isInUse ? 'yes' : 'no'])));
      }),
    ),
  );
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
