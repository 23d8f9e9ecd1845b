import { existsSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { Command } from 'commander';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import type { EngineClient } from '../channel/client.ts';
import { AppError } from '../contract/errors.ts';
import type { Axis, Position } from '../contract/values.ts';
import { command, withPlant } from './command.ts';
import { positionOption, type CommonOptions } from './options.ts';
import { formatNumber, positionOf, print } from './output.ts';

interface ExportOptions extends CommonOptions {
  readonly sensor?: string;
  readonly asset?: string;
  readonly from?: number;
  readonly to?: number;
  readonly out?: string;
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

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** Under a temporary name, synced, renamed. @throws AppError('file-unreadable') */
const writeWhole = async (file: string, write: (out: FileHandle) => Promise<number>): Promise<number> => {
  const temporary = `${file}.part`;
  try {
    const out = await open(temporary, 'w');
    const rows = await write(out).finally(() => out.sync().finally(() => out.close()));
    await rename(temporary, file);
    return rows;
  } catch (thrown) {
    if (existsSync(temporary)) await rm(temporary);
    if (thrown instanceof AppError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('file-unreadable', `${file} can't be written (${reason}); choose a folder that exists and can be written`, { file }, thrown);
  }
};

/** Long form: asset, sensor, unit, at, value. */
const exportCsv = (pages: AsyncIterable<Page>) => async (out: FileHandle): Promise<number> => {
  let rows = 0;
  await out.write('asset,sensor,unit,at,value\n');
  for await (const page of pages) {
    const lead = [page.asset, page.sensor, page.unit ?? ''].map(quoted).join(',');
    await out.write(page.points.map(([position, value]) => `${lead},${positionOf(page.axis, position)},${value}\n`).join(''));
    rows += page.points.length;
  }
  return rows;
};

/** The same columns; `at` is text, ISO 8601 in UTC or the cycle. */
const exportParquet = (pages: AsyncIterable<Page>) => async (out: FileHandle): Promise<number> => {
  const columns = { asset: [] as string[], sensor: [] as string[], unit: [] as string[], at: [] as string[], value: [] as number[] };
  for await (const page of pages)
    for (const [position, value] of page.points) {
      columns.asset.push(page.asset);
      columns.sensor.push(page.sensor);
      columns.unit.push(page.unit ?? '');
      columns.at.push(String(positionOf(page.axis, position)));
      columns.value.push(value);
    }
  const writer = new ByteWriter();
  const text = (['asset', 'sensor', 'unit', 'at'] as const).map((name) => ({ name, data: columns[name], type: 'STRING' as const }));
  await parquetWrite({ writer, columnData: [...text, { name: 'value', data: columns.value, type: 'DOUBLE' }] });
  await out.writeFile(Buffer.from(writer.getBuffer()));
  return columns.value.length;
};

async function* pagesOfMany(client: EngineClient, options: ExportOptions): AsyncGenerator<Page> {
  const all = await client.plant.sensors({});
  const chosen = all.filter((entry) => (options.sensor === undefined || entry.name === options.sensor) && (options.asset === undefined || entry.assetName === options.asset));
  if (chosen.length === 0) throw new AppError('not-found', 'no stored sensor fits --sensor and --asset', { sensor: options.sensor ?? null, asset: options.asset ?? null });
  for (const { assetName, name } of chosen) yield* pagesOf(client, name, assetName, options);
}

/** export: one series to standard output, or many to a file. */
export const exportCommand = (): Command =>
  command('export', 'writes stored readings: one series, or many with --out')
    .option('--sensor <name>', 'the sensor')
    .option('--asset <name>', 'the machine; needed where several have a sensor of this name')
    .option('--from <t>', 'first moment (ISO) or cycle', positionOption)
    .option('--to <t>', 'last moment (ISO) or cycle', positionOption)
    .option('--out <file>', 'a .csv or .parquet file')
    .action((options: ExportOptions) =>
      withPlant(options, async ({ client, json }) => {
        if (options.from !== undefined && options.to !== undefined && options.from > options.to) throw new AppError('input-invalid', '--from lies after --to');
        if (options.out === undefined) {
          if (options.sensor === undefined) throw new AppError('input-invalid', 'export needs --sensor NAME, or --out FILE.csv for many');
          await exportOne(client, options.sensor, options, json);
          return;
        }
        const file = resolve(options.out);
        const ending = extname(file).toLowerCase();
        if (ending !== '.csv' && ending !== '.parquet') throw new AppError('input-invalid', `--out takes a .csv or a .parquet file; received ${file}`, { file });
        const pages = pagesOfMany(client, options);
        const rows = await writeWhole(file, ending === '.csv' ? exportCsv(pages) : exportParquet(pages));
        print(json, { file, rows }, () => [`${rows} readings written to ${file}`]);
      }),
    );
