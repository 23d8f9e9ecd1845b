import type { Channel } from '../../ml/anomaly/channels.ts';
import { channelsFor, fitDetector, followWith, limitFor } from '../../ml/anomaly/detector.ts';
import { fitPrincipalMonitor, monitorScore } from '../../ml/anomaly/monitoring.ts';
import { fitScale, scaled } from '../../ml/anomaly/scale.ts';
import { DetectorSettings } from '../../ml/documents/anomaly.ts';
import { loadTfjsNode } from '../../ml/backend/tfjs.ts';
import { addCounts, countDetections, detectionMetrics, noCounts, type DetectionCounts } from '../../ml/evaluation/detectionMetrics.ts';
import { AppError } from '../contract/errors.ts';
import { readSkab, type SkabFile } from './skabFiles.ts';

export interface SkabOptions {
  readonly folder: string;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** Rows that a detector is fitted to, without labels; the rest of the file is scored. */
const TRAINING = 400;
/** Usual length of a labelled file: the anomaly-free one is judged in pieces of it as well. */
const PIECE = 1100;
/** The rows that the published files' anomalies lie in: a rule that reads no sensor. Its figure shows what F1 alone is worth. */
const POSITION = { from: 580, to: 960 };

/** Parts of the detector by themselves, as rivals of the whole. */
const parts: Readonly<Record<string, readonly Channel[]>> = { 'levels-only': ['level'], 'relations-only': ['relation'], 'reconstruction-only': ['shape'], 'forecast-only': ['noise'], 'without-network': ['level', 'relation'] };
const OURS = 'millwright';

/** A file's rows behind the training part: who calls which of them anomalous. */
type Called = ReadonlyMap<string, readonly boolean[]>;

const judge = async (values: Float32Array, inputs: number, seed: number): Promise<Called> => {
  const settings = DetectorSettings.parse({});
  const count = values.length / inputs;
  const rows = scaled(fitScale(values, inputs, TRAINING), values);
  const training = { values: rows.values.subarray(0, TRAINING * inputs), inputs };
  const detector = await fitDetector(training, [{ from: 0, to: TRAINING }], settings, seed);
  const whole = { from: 0, to: count };
  const channels = await channelsFor(detector, rows, [whole]);
  const called = new Map<string, boolean[]>();
  const detect = (name: string, watched?: readonly Channel[]): void => {
    const own = Array.from({ length: count - TRAINING }, () => false);
    const only = watched === undefined ? undefined : { watched, limit: limitFor(inputs, watched, settings.rate, seed) };
    followWith(detector, channels, whole, (row, score) => {
      if (row >= TRAINING) own[row - TRAINING] = score > 1;
    }, only);
    called.set(name, own);
  };
  detect(OURS);
  for (const [name, watched] of Object.entries(parts)) detect(name, watched);
  const monitor = fitPrincipalMonitor(training.values, inputs);
  const each = (say: (row: number) => boolean): boolean[] => Array.from({ length: count - TRAINING }, (_, at) => say(TRAINING + at));
  called.set('t2+q', each((row) => monitorScore(monitor, rows.values.subarray(row * inputs, (row + 1) * inputs)) > 1));
  called.set('everything', each(() => true));
  called.set('never', each(() => false));
  called.set('position-only', each((row) => row >= POSITION.from && row < POSITION.to));
  return called;
};

const tooShort = (name: string, rows: number): AppError => new AppError('too-little-data', `${name} has ${rows} rows; the protocol fits to the first ${TRAINING} and scores the rest.`, { file: name, rows });

const judgeFile = async ({ name, sensors, values }: SkabFile, seed: number): Promise<Called> => {
  const rows = values.length / sensors.length;
  if (rows <= TRAINING) throw tooShort(name, rows);
  return judge(values, sensors.length, seed);
};

/** Counts by who called, summed over files. */
class Sums {
  readonly #counts = new Map<string, DetectionCounts>();

  add(called: Called, labels: readonly boolean[]): void {
    for (const [name, own] of called) this.#counts.set(name, addCounts(this.#counts.get(name) ?? noCounts, countDetections(own, labels)));
  }

  of(name: string): DetectionCounts {
    return this.#counts.get(name) ?? noCounts;
  }

  get rivals(): { name: string; f1: number; far: number; mar: number }[] {
    return [...this.#counts].filter(([name]) => name !== OURS).map(([name, counts]) => ({ name, ...detectionMetrics(counts) }));
  }
}

/** Healthy files alone: the false alarm rate of each, fitted to the first rows of the whole file, and piece by piece. */
const control = async (files: readonly SkabFile[], seed: number, say: SkabOptions['say']): Promise<Record<string, unknown> | null> => {
  if (files.length === 0) return null;
  const whole = new Sums();
  const pieces = new Sums();
  let pieceCount = 0;
  for (const file of files) {
    const called = await judgeFile(file, seed);
    const healthy = (count: number): boolean[] => Array.from({ length: count }, () => false);
    const width = file.sensors.length;
    const rows = file.values.length / width;
    whole.add(called, healthy(rows - TRAINING));
    for (let from = 0; from + PIECE <= rows; from += PIECE) {
      pieces.add(await judge(file.values.slice(from * width, (from + PIECE) * width), width, seed), healthy(PIECE - TRAINING));
      pieceCount++;
    }
    say(`${file.name}: control, false alarms in ${detectionMetrics(whole.of(OURS)).far.toFixed(2)} % of the rows behind the first ${TRAINING}, ${detectionMetrics(pieces.of(OURS)).far.toFixed(2)} % in ${pieceCount} pieces of ${PIECE} rows`);
  }
  return {
    files: files.map(({ name }) => name),
    far: detectionMetrics(whole.of(OURS)).far,
    pieces: { rows: PIECE, count: pieceCount, far: detectionMetrics(pieces.of(OURS)).far },
    baselines: whole.rivals.map(({ name, far }) => ({ name, far, farInPieces: detectionMetrics(pieces.of(name)).far })),
  };
};

/**
 * SKAB by the protocol of its leaderboard: each labelled file by itself, fitted to its first 400 rows without labels, the rest
 * scored row by row, counts summed over all files. Files without labels are the control.
 * @returns the document that the command line prints; rates in percent
 * @throws AppError when the files are not there, not understood or too short, MlError when fitting fails
 */
export const benchmarkSkab = async ({ folder, seed, say }: SkabOptions): Promise<Record<string, unknown>> => {
  const files = readSkab(folder);
  const labelled = files.filter((file) => file.labels !== null);
  if (labelled.length === 0) throw new AppError('no-labels', `No file in ${folder} has a column 'anomaly': there is nothing to measure against.`, { folder });
  const backend = await loadTfjsNode();
  const started = performance.now();
  const all = new Sums();
  const byGroup = new Map<string, { files: number; sums: Sums }>();
  for (const file of labelled) {
    const called = await judgeFile(file, seed);
    const labels = (file.labels ?? []).slice(TRAINING);
    all.add(called, labels);
    const group = byGroup.get(file.group) ?? { files: 0, sums: new Sums() };
    group.files++;
    group.sums.add(called, labels);
    byGroup.set(file.group, group);
    say(`${file.name}: fitted and scored`);
  }
  const seconds = (performance.now() - started) / 1000;
  const counts = all.of(OURS);
  return {
    ...detectionMetrics(counts),
    files: labelled.length,
    seconds,
    baselines: all.rivals,
    control: await control(files.filter((file) => file.labels === null), seed, say),
    groups: [...byGroup].map(([group, { files: count, sums }]) => ({ group, files: count, ...detectionMetrics(sums.of(OURS)) })),
    confusion: counts,
    rows: counts.tp + counts.fp + counts.tn + counts.fn,
    seed,
    backend: backend.name,
    settings: DetectorSettings.parse({}),
  };
};
