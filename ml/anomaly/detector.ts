import { Random } from '../dataset/random.ts';
import { channelsOf, type Channel, type Channels } from './channels.ts';
import { evidenceLimit } from './evidence.ts';
import { fitHealthy, type FitSettings, type FitWatch } from './fit.ts';
import { follow, type HearRow } from './follow.ts';
import { buildAnomalyNetwork, type AnomalyNetwork } from './network.ts';
import { learnRelations, type Relations } from './relations.ts';
import { residualsOf, type Residuals } from './residuals.ts';
import type { DetectorSettings } from '../documents/anomaly.ts';
import { learnWander, type Wander } from './wander.ts';
import { windowEnds, type Rows, type Stretch } from './windows.ts';

/** A detector of departures from healthy running. */
export interface Detector {
  readonly network: AnomalyNetwork;
  readonly parameters: Float32Array;
  readonly settings: DetectorSettings;
  readonly relations: Relations;
  readonly wander: Wander;
  /** Rows that it was fitted to. */
  readonly rows: number;
  /** Sum of evidence from which a row is anomalous. */
  readonly limit: number;
}

/** Share of the healthy rows that must lie under the limit, whatever theory says. */
const USUAL = 0.99;
/** Batches of a network that is fitted to one half, as a share of those of the whole. */
const HALF_STEPS = 2 / 3;

/** The stretches' parts before and behind a row. */
const halves = (stretches: readonly Stretch[]): { middle: number; before: Stretch[]; behind: Stretch[] } => {
  const rows = stretches.reduce((sum, { from, to }) => sum + to - from, 0);
  let left = Math.floor(rows / 2);
  let middle = 0;
  for (const { from, to } of stretches) {
    if (left <= to - from) {
      middle = from + left;
      break;
    }
    left -= to - from;
  }
  const part = (low: number, high: number): Stretch[] => stretches.map(({ from, to }) => ({ from: Math.max(from, low), to: Math.min(to, high) })).filter(({ from, to }) => to > from);
  return { middle, before: part(0, middle), behind: part(middle, Number.POSITIVE_INFINITY) };
};

const joinAt = (first: Float32Array, second: Float32Array, cell: number): Float32Array => {
  const joined = first.slice();
  joined.set(second.subarray(cell), cell);
  return joined;
};

/** Residuals of each half by a network that was fitted to the other: what a network has learnt by heart it does not stray from. */
const unseenResiduals = async (network: AnomalyNetwork, rows: Rows, stretches: readonly Stretch[], fit: FitSettings, seed: number): Promise<Residuals | null> => {
  const { middle, before, behind } = halves(stretches);
  const { window } = network.shape;
  const settings = { ...fit, steps: Math.ceil(HALF_STEPS * fit.steps) };
  const [endsBefore, endsBehind] = [windowEnds(before, window), windowEnds(behind, window)];
  if (endsBefore.length === 0 || endsBehind.length === 0) return null;
  const ofBefore = await residualsOf(network, await fitHealthy(network, rows, endsBehind, settings, Random.of(seed, 'second half')), rows, stretches);
  const ofBehind = await residualsOf(network, await fitHealthy(network, rows, endsBefore, settings, Random.of(seed, 'first half')), rows, stretches);
  const cell = middle * rows.inputs;
  return { shape: joinAt(ofBefore.shape, ofBehind.shape, cell), surprise: joinAt(ofBefore.surprise, ofBehind.surprise, cell) };
};

/**
 * Fits a detector to stretches of healthy running, without labels: network, wander of its channels, limit.
 * @param rows normalised, without gaps
 * @throws MlError 'too-little-data' where no stretch is longer than a window, 'training-diverged'
 */
export const fitDetector = async (rows: Rows, stretches: readonly Stretch[], settings: DetectorSettings, seed: number, watch?: FitWatch): Promise<Detector> => {
  const { window, filters, code, smoothing, lag, rate, watched } = settings;
  const network = buildAnomalyNetwork({ inputs: rows.inputs, window, filters, code });
  const parameters = await fitHealthy(network, rows, windowEnds(stretches, window), settings, Random.of(seed, 'healthy running'), watch);
  const unseen = (await unseenResiduals(network, rows, stretches, settings, seed)) ?? (await residualsOf(network, parameters, rows, stretches));
  const relations = learnRelations(rows, stretches);
  const healthy = channelsOf(rows, unseen, relations, stretches, window, smoothing);
  const count = stretches.reduce((sum, { from, to }) => sum + to - from, 0);
  const wander = learnWander(healthy, stretches, { smoothing, lag, rows: count, follows: settings.follows });
  const detector = { network, parameters, settings, relations, wander, rows: count, limit: limitFor(rows.inputs, watched, rate, seed) };
  return { ...detector, limit: detector.limit * Math.max(1, highestUsual(detector, healthy, stretches)) };
};

/** The score that all but a few healthy rows stay under. */
const highestUsual = (detector: Detector, healthy: Channels, stretches: readonly Stretch[]): number => {
  const scores: number[] = [];
  for (const stretch of stretches) followWith(detector, healthy, stretch, (_row, score) => scores.push(score));
  return scores.sort((a, b) => a - b)[Math.floor(USUAL * scores.length)] ?? 0;
};

/** Channels of rows as a detector sees them. */
export const channelsFor = async ({ network, parameters, settings, relations }: Detector, rows: Rows, stretches: readonly Stretch[]): Promise<Channels> =>
  channelsOf(rows, await residualsOf(network, parameters, rows, stretches), relations, stretches, network.shape.window, settings.smoothing);

/** The sum of evidence from which a row is anomalous where only some of the channels are watched. */
export const limitFor = (inputs: number, watched: readonly Channel[], rate: number, seed: number): number => evidenceLimit(inputs * watched.length, rate, seed);

/** Goes along one stretch; see `follow`. @param only what is watched, and the limit for it; all without */
export const followWith = ({ wander, rows, limit, settings }: Detector, channels: Channels, stretch: Stretch, hear: HearRow, only?: { readonly watched: readonly Channel[]; readonly limit: number }): void =>
  follow(channels, stretch, wander, { lag: settings.lag, memory: settings.follows ? rows : 0, limit: only?.limit ?? limit, watched: only?.watched ?? settings.watched }, hear);
