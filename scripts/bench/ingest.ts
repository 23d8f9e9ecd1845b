// Reading and storing against the tools that people use now, on the same made files, in turn: one JSON document on standard output.
// node scripts/bench/ingest.ts [--measure parse,wide,long,forms,delay,follow] [--values N] [--rounds N] [--only FORM]
// [--peers polars,duckdb,pandas]
import { execFile } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import Papa from 'papaparse';
import { ImportReport } from '../../main/contract/data.ts';
import { findShape } from '../../main/ingest/shape/mapping.ts';
import { Intake, IntakeState } from '../../main/ingest/storing/intake.ts';
import { buildFolder, root } from '../setup/paths.mjs';
import { makeLong, makeWide, type MadeFile } from './files.ts';
import { measureForms } from './forms.ts';
import { contest, type Contender, type Contest, type Run } from './measure.ts';
import { storeWithNode } from './peers/node.ts';
import { openPython, pythonPeer } from './peers/python.ts';

const run = promisify(execFile);
const { values: options } = parseArgs({
  options: { measure: { type: 'string', default: 'parse,wide,long' }, values: { type: 'string', default: '10000000' }, rounds: { type: 'string', default: '5' }, only: { type: 'string' }, peers: { type: 'string', default: 'polars,duckdb,pandas' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
});
const measures = options.measure.split(',');
const peers = options.peers.split(',');
const values = Number(options.values);
const rounds = Number(options.rounds);
const folder = mkdtempSync(join(tmpdir(), 'millwright-bench-'));
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
let fresh = 0;
const freshFolder = (): string => join(folder, `run${fresh++}`);

/** The import as the product does it, built, in a process of its own: the command's own seconds, from the look at the file to the last commit. */
const importing = (file: MadeFile): Contender => ({
  name: 'millwright',
  does: 'parse, order, duplicates, quality, chunks, roll-ups, position, on the disk with each commit',
  run: async (): Promise<Run> => {
    const target = freshFolder();
    try {
      const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', join(buildFolder, 'cli', 'start.js'), 'import', '--plant', target, '--site', 'UTC', '--asset', 'machine', '--json', file.path], { maxBuffer: 1 << 24 });
      const report = ImportReport.parse(JSON.parse(stdout));
      const stored = report.files[0]?.valuesStored ?? 0;
      if (stored !== file.values) throw new Error(`${stored} values were stored of ${file.values}`);
      bytesStored.set(file.path, statSync(join(target, 'plant.db')).size);
      return { seconds: report.seconds, peakMiB: report.peakMemoryMiB };
    } finally {
      rmSync(target, { recursive: true, force: true });
    }
  },
});
const bytesStored = new Map<string, number>();

/** The reader alone, in one thread. */
const parsing = (file: MadeFile): Contender => {
  const { mapping } = findShape(readFileSync(file.path).subarray(0, 256 * 1024), false, 'UTC');
  return {
    name: 'millwright',
    does: 'times and numbers of every row into columns, one thread',
    run: () => {
      const began = performance.now();
      const intake = new Intake(mapping, { position: 0, line: 0, state: IntakeState.parse({}), defaultAsset: 'machine', nameAsset: (text) => text });
      const handle = openSync(file.path, 'r');
      let rows = 0;
      const count = (): void => {
        rows += intake.rowsRead;
        intake.clear();
      };
      for (let at = 0; ; ) {
        const piece = Buffer.allocUnsafe(1 << 20);
        const length = readSync(handle, piece, 0, piece.length, at);
        if (length === 0) break;
        at += length;
        intake.feed(piece.subarray(0, length));
        while (intake.work(false)) count();
      }
      while (intake.work(true)) count();
      count();
      closeSync(handle);
      if (rows !== file.rows) throw new Error(`${rows} rows were read of ${file.rows}`);
      return { seconds: (performance.now() - began) / 1000 };
    },
  };
};

const papaparse = (file: MadeFile): Contender => ({
  name: 'papaparse',
  does: 'cells as numbers where they are, times left as text',
  run: () => {
    const began = performance.now();
    const { data } = Papa.parse<unknown>(readFileSync(file.path, 'utf8'), { header: false, dynamicTyping: true, skipEmptyLines: true });
    if (data.length !== file.rows + 1) throw new Error(`${data.length} rows were read of ${file.rows}`);
    return { seconds: (performance.now() - began) / 1000 };
  },
});

/** How long the engine's own thread was held up while a file came in. */
const measureDelay = async (file: MadeFile): Promise<unknown> => {
  const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'import-once.ts'), file.path, freshFolder()]);
  const told: unknown = JSON.parse(stdout);
  return told;
};

/** A followed file for half a minute. */
const measureFollowing = async (): Promise<unknown> => {
  const [script, file] = [join(import.meta.dirname, 'follow.ts'), join(folder, 'followed.csv')];
  const seconds = 30;
  const logger = run(process.execPath, ['--disable-warning=ExperimentalWarning', script, 'write', file, String(seconds + 8)]);
  const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', script, 'read', file, freshFolder(), String(seconds)]);
  await logger;
  const told: unknown = JSON.parse(stdout);
  return told;
};

/** Millions of values a second beside the contest. */
const told = (file: MadeFile, result: Contest) => ({
  rows: file.rows,
  values: file.values,
  megabytes: Math.round(file.bytes / 1e6),
  millionValues: Number((file.values / result.ours.seconds.median / 1e6).toPrecision(3)),
  bytesPerValue: bytesStored.has(file.path) ? Number(((bytesStored.get(file.path) ?? NaN) / file.values).toPrecision(3)) : null,
  ...result,
});

const main = async (): Promise<Record<string, unknown>> => {
  await run(process.execPath, [join(root, 'scripts', 'build.mjs')]);
  const python = await openPython(say);
  const leftOut = 'absent' in python ? [python.absent] : [];
  const withPython = (file: MadeFile, calls: readonly (readonly [name: string, does: string, call: string])[]): Contender[] => ('python' in python ? calls.filter(([name]) => peers.includes(name)).map(([name, does, call]) => pythonPeer(python.python, name, does, call, file.path, freshFolder)) : []);
  const storers = (file: MadeFile): Contender[] => [
    ...withPython(file, [
      ['polars', 'read_csv, write_parquet, fsync; no duplicates looked for, no flags', 'polars_parquet'],
      ['duckdb', 'read_csv, distinct by key, flags of missing values, checkpoint, fsync', 'duckdb_store'],
      ['pandas', 'read_csv, drop_duplicates, flag, to_sql into SQLite', 'pandas_sql'],
    ]),
    ...('absent' in python ? [storeWithNode(file, freshFolder)] : []),
  ];
  const results: Record<string, ReturnType<typeof told>> = {};
  if (measures.includes('parse')) {
    const file = makeWide(join(folder, 'parse.csv'), Math.ceil(values / 5 / 50));
    results.parse = told(file, await contest(parsing(file), [...withPython(file, [['pandas', 'read_csv, C engine', 'pandas_parse'], ['polars', 'read_csv, all cores', 'polars_parse']]), papaparse(file)], rounds, say));
  }
  if (measures.includes('wide')) {
    const file = makeWide(join(folder, 'wide.csv'), Math.ceil(values / 50));
    results.wide = told(file, await contest(importing(file), storers(file), rounds, say));
  }
  if (measures.includes('long')) {
    const file = makeLong(join(folder, 'long.csv'), Math.ceil(values / 8));
    results.long = told(file, await contest(importing(file), storers(file), rounds, say));
  }
  const delay = measures.includes('delay') ? await measureDelay(makeWide(join(folder, 'delay.csv'), Math.ceil(values / 50))) : null;
  const following = measures.includes('follow') ? await measureFollowing() : null;
  const forms = measures.includes('forms') ? measureForms(folder, 20_000, options.only ?? null) : null;
  const first = results.wide ?? results.long ?? results.parse;
  const peer = first?.peers[0];
  return { ratio: peer?.ratio ?? null, ours: first?.ours.seconds ?? null, peer: peer ? { name: peer.peer, seconds: peer.seconds } : null, unit: 'seconds', leftOut, engine: delay, following, ...results, forms };
};

try {
  process.stdout.write(`${JSON.stringify(await main())}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
