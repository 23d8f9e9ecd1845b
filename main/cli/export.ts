import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { EngineClient } from '../channel/client.ts';
import { AppError } from '../contract/errors.ts';
import type { Axis, Position, SensorId } from '../contract/values.ts';
import { command, withPlant } from './command.ts';
import { positionOption, zoneOption, type CommonOptions } from './options.ts';
import { formatNumber, positionOf, print, tellProgress } from './output.ts';
import { waitForJob } from './session.ts';

interface ExportOptions extends CommonOptions {
  readonly sensor?: string;
  readonly asset?: string;
  readonly from?: number;
  readonly to?: number;
  readonly out?: string;
  readonly layout?: 'long' | 'wide';
  readonly zone?: string;
}

interface Page {
  readonly asset: string;
  readonly sensor: string;
  readonly unit: string | null;
  readonly axis: Axis;
  readonly points: readonly (readonly [Position, number])[];
}

/** The pages of one series, in order: a series of any length passes through in bounded memory. */
async function* pagesOf(client: EngineClient, sensor: string, asset: string | null, options: ExportOptions): AsyncGenerator<Page> {
  let after: Position | null = null;
  for (;;) {
    const page: Awaited<ReturnType<EngineClient['data']['points']>> = await client.data.points({ sensor, asset, from: options.from ?? null, to: options.to ?? null, after });
    yield page;
    if (page.next === null) return;
    after = page.next;
  }
}

const exportOne = async (client: EngineClient, sensor: string, options: ExportOptions, json: boolean): Promise<void> => {
  const points: (readonly [string | number, number])[] = [];
  let head: Page | null = null;
  for await (const page of pagesOf(client, sensor, options.asset ?? null, options)) {
    head ??= page;
    for (const [position, value] of page.points) points.push([positionOf(page.axis, position), value]);
  }
  print(json, { asset: head?.asset ?? null, sensor: head?.sensor ?? sensor, unit: head?.unit ?? null, points }, () => points.map(([at, value]) => `${at}  ${formatNumber(value)} ${head?.unit ?? ''}`.trimEnd()));
};

/** The sensors that the options name; all, where they name none. */
const chosenSensors = async (client: EngineClient, options: ExportOptions): Promise<SensorId[]> => {
  const all = await client.plant.sensors({});
  const chosen = all.filter((entry) => (options.sensor === undefined || entry.name === options.sensor) && (options.asset === undefined || entry.assetName === options.asset));
  if (chosen.length === 0) throw new AppError('not-found', 'no stored sensor fits --sensor and --asset', { sensor: options.sensor ?? null, asset: options.asset ?? null });
  return chosen.map(({ id }) => id);
};

/** export: one series to standard output, or many to a file. */
export const exportCommand = (): Command =>
  command('export', 'writes stored readings: one series, or many with --out')
    .option('--sensor <name>', 'the sensor')
    .option('--asset <name>', 'the machine; needed where several have a sensor of this name')
    .option('--from <t>', 'first moment (ISO) or cycle', positionOption)
    .option('--to <t>', 'last moment (ISO) or cycle', positionOption)
    .option('--out <file>', 'a .csv or .parquet file')
    .addOption(new Option('--layout <layout>', 'long: a row a reading; wide: a column a sensor').choices(['long', 'wide']))
    .option('--zone <zone>', 'zone that times are written in; UTC without it', zoneOption)
    .action((options: ExportOptions) =>
      withPlant(options, async ({ client, json }) => {
        if (options.from !== undefined && options.to !== undefined && options.from > options.to) throw new AppError('input-invalid', '--from lies after --to');
        if (options.out === undefined) {
          if (options.sensor === undefined) throw new AppError('input-invalid', 'export needs --sensor NAME, or --out FILE.csv for many');
          await exportOne(client, options.sensor, options, json);
          return;
        }
        const request = { file: resolve(options.out), sensors: await chosenSensors(client, options), from: options.from ?? null, to: options.to ?? null, layout: options.layout ?? 'long', zone: options.zone ?? null };
        const { job } = await client.storage.export(request);
        const { done } = await waitForJob(client, job, tellProgress);
        print(json, { file: request.file, rows: done }, () => [`${done} ${request.layout === 'long' ? 'readings' : 'rows'} written to ${request.file}`]);
      }),
    );
