// The program behind `millwright benchmark NAME`: one JSON document on standard output, words on standard error.
import { parseArgs } from 'node:util';
import { AppError, errorTable } from '../contract/errors.ts';
import { MlError } from '../../ml/errors.ts';
import { Preset } from '../../ml/documents/config.ts';
import { benchmarkCmapss } from './cmapss.ts';
import { faultCommand, faultUsage, hydraulicCommand } from './faultArguments.ts';
import { benchmarkPronostia } from './pronostia.ts';
import { benchmarkSkab } from './skab.ts';
import { benchmarkSpeed, speedBenchmarks } from './speed.ts';

const usage = `usage: benchmark cmapss --data DIR --subset FD001 [--seed N] [--preset ${Preset.options.join('|')}] [--json]
Trains on train_FDxxx.txt alone, predicts the last window of each unit of test_FDxxx.txt, compares with RUL_FDxxx.txt.
       benchmark pronostia --data DIR [--truth FILE] [--seed N] [--json]
Trains on the learning bearings of features_train, predicts the RUL at the end of each bearing of features_test_truncated.
       benchmark skab --data DIR [--seed N] [--json]
Fits a detector to the first 400 rows of each labelled file, without labels, and scores the rest; files without labels are the control.
${faultUsage}
       benchmark ingest [--measure parse,wide,long,forms,delay,follow] [--values N] [--rounds N]
Reads and stores made files against pandas, polars, DuckDB and papaparse, in turn on the same files.
       benchmark store [--rows N] [--rounds N]
Writes, reads, roll-ups and training sets against SQLite tables, Parquet and DuckDB.
       benchmark training [--rounds N] [--threads N] [--windows N]
An epoch of the default network against Keras 3 on the same TensorFlow, in turn; tensors and memory over 50 epochs.
       benchmark scoring [--rounds N] [--threads N]
Predictions of 1 and 256 windows against Keras 3; 200 machines of 50 sensors rescored.`;

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const wrongUse = (message: string): AppError => new AppError('input-invalid', `${message}\n${usage}`);

const seedOf = (text: string): number => {
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed < 0) throw wrongUse(`--seed should be a whole number, not '${text}'.`);
  return seed;
};

const cmapss = async (args: string[]): Promise<Record<string, unknown> | null> => {
  const { values } = parseArgs({
    args,
    options: { data: { type: 'string' }, subset: { type: 'string', default: 'FD001' }, seed: { type: 'string', default: '1' }, preset: { type: 'string', default: 'plain' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    say(usage);
    return null;
  }
  if (values.data === undefined) throw wrongUse('--data DIR is missing: the folder of the C-MAPSS text files.');
  const preset = Preset.safeParse(values.preset);
  if (!preset.success) throw wrongUse(`There is no preset '${values.preset}'.`);
  return benchmarkCmapss({ folder: values.data, subset: values.subset, seed: seedOf(values.seed), preset: preset.data, say });
};

const pronostia = async (args: string[]): Promise<Record<string, unknown> | null> => {
  const { values } = parseArgs({ args, options: { data: { type: 'string' }, truth: { type: 'string' }, seed: { type: 'string', default: '1' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help === true) {
    say(usage);
    return null;
  }
  if (values.data === undefined) throw wrongUse('--data DIR is missing: the folder that holds features_train and features_test_truncated.');
  return benchmarkPronostia({ folder: values.data, truth: values.truth ?? null, seed: seedOf(values.seed), say });
};

const skab = async (args: string[]): Promise<Record<string, unknown> | null> => {
  const { values } = parseArgs({ args, options: { data: { type: 'string' }, seed: { type: 'string', default: '1' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help === true) {
    say(usage);
    return null;
  }
  if (values.data === undefined) throw wrongUse('--data DIR is missing: the folder of the SKAB files.');
  return benchmarkSkab({ folder: values.data, seed: seedOf(values.seed), say });
};

const run = async (name: string | undefined, args: string[]): Promise<Record<string, unknown> | null> => {
  if (name === '--help' || name === '-h') {
    say(usage);
    return null;
  }
  if (name === 'cmapss') return cmapss(args);
  if (name === 'pronostia') return pronostia(args);
  if (name === 'fault') return faultCommand(args, say);
  if (name === 'hydraulic') return hydraulicCommand(args, say);
  if (name === 'skab') return skab(args);
  const speed = speedBenchmarks.find((one) => one === name);
  if (speed !== undefined) return benchmarkSpeed(speed, args);
  throw wrongUse(name === undefined ? 'Which benchmark?' : `There is no benchmark '${name}'.`);
};

const exitCodeOf = (thrown: unknown): number => {
  if (thrown instanceof AppError) return thrown.traits.exitCode;
  if (thrown instanceof MlError) return errorTable[thrown.code].exitCode;
  // parseArgs tells wrong use by the code of its error.
  return thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS') ? 2 : 1;
};

try {
  const [name, ...args] = process.argv.slice(2);
  const result = await run(name, args);
  if (result !== null) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} catch (thrown) {
  say(thrown instanceof Error ? thrown.message : String(thrown));
  process.exitCode = exitCodeOf(thrown);
}
