import type { Command } from 'commander';
import { AppError } from '../contract/errors.ts';
import type { Forecast, Machine } from '../contract/plant.ts';
import { AlarmId, ModelId, microsOf } from '../contract/values.ts';
import type { Alarm } from '../contract/alarms.ts';
import { command, withPlant } from './command.ts';
import { checked, positionOption, wholeOption, type CommonOptions } from './options.ts';
import { isoOf, positionOf, print, table } from './output.ts';

const forecastDocument = (machine: Machine, forecast: Forecast) => ({
  asset: machine.name,
  health: machine.health?.index ?? null,
  healthState: machine.health?.state ?? 'unknown',
  failureProbability: forecast.failureProbability,
  fault: forecast.fault,
  anomaly: forecast.anomaly === null ? null : { ...forecast.anomaly, since: forecast.anomaly.since === null ? null : positionOf(machine.axis, forecast.anomaly.since) },
  rul: forecast.rul,
  failureAt: forecast.failureAt === null ? null : { median: positionOf(machine.axis, forecast.failureAt.median), low: positionOf(machine.axis, forecast.failureAt.low), high: positionOf(machine.axis, forecast.failureAt.high) },
  drivers: forecast.drivers,
  model: forecast.model,
  asOf: positionOf(machine.axis, forecast.asOf),
  noForecast: forecast.noForecast,
});

/** 'BRD (0.83)'; 'unknown' where no kind is likely enough. */
const faultWords = (fault: Forecast['fault']): string | null => {
  if (fault === null) return null;
  const likely = fault.classes.find(({ name }) => name === fault.likely);
  return likely === undefined ? 'unknown' : `${likely.name} (${likely.p.toFixed(2)})`;
};

/** predict: the current forecast of one machine or all. */
export const predictCommand = (): Command =>
  command('predict', 'the current forecast')
    .option('--asset <name>', 'one machine; by default all')
    .option('--model <id>', 'another model than the champion')
    .action((options: CommonOptions & { asset?: string; model?: string }) =>
      withPlant(options, async ({ client, json }) => {
        const asset = options.asset === undefined ? null : (await client.plant.assets({})).find((entry) => entry.level === 'machine' && entry.name === options.asset);
        if (asset === undefined) throw new AppError('not-found', `there is no machine named '${options.asset ?? ''}' in this plant; 'quality' lists them`, { asset: options.asset ?? null });
        const answers = await client.plant.predict({ asset: asset?.id ?? null, model: options.model === undefined ? null : checked(ModelId, options.model, '--model') });
        const assets = answers.map(({ machine, forecast }) => forecastDocument(machine, forecast));
        print(json, { assets }, () =>
          table(
            ['asset', 'health', 'RUL', '90 % interval', 'unit', 'P(failure)', 'fault', 'anomaly (of limit)', 'model', 'no forecast'],
            assets.map((row) => [row.asset, row.health, row.rul?.median ?? null, row.rul === null ? null : `${row.rul.low.toFixed(1)} to ${row.rul.high.toFixed(1)}`, row.rul?.unit ?? null, row.failureProbability[0]?.p ?? null, faultWords(row.fault), row.anomaly?.share ?? null, row.model, row.noForecast === null ? null : `${row.noForecast.reason}: ${row.noForecast.detail}`]),
          ),
        );
      }),
    );

const alarmDocument = (alarm: Alarm) => ({ ...alarm, asset: alarm.assetName, raisedAt: isoOf(alarm.raisedAt), clearedAt: alarm.clearedAt === null ? null : isoOf(alarm.clearedAt), closedAt: alarm.closedAt === null ? null : isoOf(alarm.closedAt) });

const show = (json: boolean, list: readonly Alarm[]): void => {
  const alarms = list.map(alarmDocument);
  print(json, { alarms }, () => table(['id', 'asset', 'state', 'priority', 'raised', 'message'], alarms.map((alarm) => [alarm.id, alarm.asset, alarm.state, alarm.priority, alarm.raisedAt, alarm.message])));
};

/** alarms list, ack, shelve, history. */
export const alarmsCommand = (): Command => {
  const alarms = command('alarms', 'the alarm list').action((options: CommonOptions) => withPlant(options, async ({ client, json }) => show(json, await client.alarms.list({}))));
  alarms.addCommand(
    command('ack', 'acknowledges an alarm')
      .argument('<id>', 'its number', wholeOption)
      .option('--comment <text>', 'what you know about it', '')
      .action((id: number, options: CommonOptions & { comment: string }) =>
        withPlant(options, async ({ client, json }) => show(json, [await client.alarms.acknowledge({ alarm: checked(AlarmId, id, 'the alarm'), comment: options.comment })])),
      ),
  );
  alarms.addCommand(
    command('shelve', 'puts an alarm aside until a moment')
      .argument('<id>', 'its number', wholeOption)
      .requiredOption('--until <t>', 'ISO time', positionOption)
      .requiredOption('--reason <text>', 'why')
      .action((id: number, options: CommonOptions & { until: number; reason: string }) =>
        withPlant(options, async ({ client, json }) => show(json, [await client.alarms.shelve({ alarm: checked(AlarmId, id, 'the alarm'), until: microsOf(options.until / 1000), reason: options.reason })])),
      ),
  );
  alarms.addCommand(command('history', 'open and closed alarms').action((options: CommonOptions) => withPlant(options, async ({ client, json }) => show(json, await client.alarms.history({ asset: null })))));
  return alarms;
};
