import type { Command } from 'commander';
import type { EngineClient } from '../channel/client.ts';
import { AppError } from '../contract/errors.ts';
import type { Asset, Sensor } from '../contract/plant.ts';
import { command, withPlant } from './command.ts';
import { wholeOption, type CommonOptions } from './options.ts';
import { formatNumber, positionOf, print, table } from './output.ts';

interface QualityOptions extends CommonOptions {
  readonly asset?: string;
  readonly history?: string;
  readonly periods?: number;
}

const assetOf = async (client: EngineClient, name: string): Promise<Asset> => {
  const found = (await client.plant.assets({})).filter((asset) => asset.level === 'machine' && asset.name === name);
  const [asset] = found;
  if (asset === undefined || found.length > 1) throw new AppError('not-found', `there ${found.length === 0 ? 'is no machine' : `are ${found.length} machines`} named '${name}'; 'quality' lists assets and sensors`, { asset: name });
  return asset;
};

const sensorOf = async (client: EngineClient, name: string, asset: string | undefined): Promise<Sensor & { assetName: string }> => {
  const found = (await client.plant.sensors({})).filter((sensor) => sensor.name === name && (asset === undefined || sensor.assetName === asset));
  const [sensor] = found;
  if (sensor === undefined) throw new AppError('not-found', `there is no sensor named '${name}'${asset === undefined ? '' : ` on ${asset}`}; 'quality' lists assets and sensors`, { sensor: name });
  if (found.length > 1) throw new AppError('input-invalid', `${found.length} machines have a sensor named '${name}'; say which with --asset`, { sensor: name });
  return sensor;
};

const showHistory = async (client: EngineClient, json: boolean, { history = '', asset, periods = 24 }: QualityOptions): Promise<void> => {
  const sensor = await sensorOf(client, history, asset);
  const axis = (await client.plant.assets({})).find(({ id }) => id === sensor.asset)?.axis ?? 'time';
  const told = (await client.quality.history({ sensor: sensor.id, periods: Math.min(1000, Math.max(1, periods)) })).map((period) => ({ ...period, from: positionOf(axis, period.from), to: positionOf(axis, period.to) }));
  print(json, { asset: sensor.assetName, sensor: sensor.name, unit: sensor.unit, periods: told }, () =>
    table(
      ['from', 'to', 'count', 'expected', 'missing', 'gaps', 'flat', 'spikes', 'out of range', 'score'],
      told.map((one) => [String(one.from), String(one.to), one.count, Math.round(one.expected), one.missing, one.gaps, one.flat, one.spikes, one.outOfRange, one.score]),
    ),
  );
};

const showAll = async (client: EngineClient, json: boolean, asset: string | undefined): Promise<void> => {
  const sensors = await client.data.quality({ asset: asset === undefined ? null : (await assetOf(client, asset)).id });
  print(json, { sensors }, () =>
    table(
      ['asset', 'sensor', 'unit', 'count', 'complete', 'missing', 'gaps', 'flat', 'spikes', 'out of range', 'score', 'reasons'],
      sensors.map((s) => [s.asset, s.name, s.unit, s.count, s.completeness === null ? null : `${formatNumber(Math.floor(s.completeness * 1000) / 10)} %`, s.missing, s.gaps, s.flat, s.spikes, s.outOfRange, s.score, s.reasons.join('; ')]),
    ),
  );
};

/** quality. */
export const qualityCommand = (): Command =>
  command('quality', 'data quality per sensor')
    .option('--asset <name>', 'of this machine alone')
    .option('--history <sensor>', 'of one sensor, period by period')
    .option('--periods <n>', 'periods of its history', wholeOption)
    .action((options: QualityOptions) => withPlant(options, ({ client, json }) => (options.history === undefined ? showAll(client, json, options.asset) : showHistory(client, json, options))));
