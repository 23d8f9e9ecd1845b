import type { Position, SensorId } from '../contract/values.ts';
import type { QualityCode, QualityFinding, QualityPeriod } from '../contract/quality.ts';
import type { RepeatedTimes } from '../store/records/qualities.ts';
import type { PeriodCounts } from './scan/periods.ts';
import type { ScanRules } from './scan/rules.ts';
import type { ScanResult } from './scan/scan.ts';

/** Another sensor that has the same readings. */
export interface CopyOf {
  readonly other: SensorId;
  readonly otherName: string;
  readonly scale: number;
  readonly isExact: boolean;
}

/** Points that a finding which touches everything takes. */
const weights: Readonly<Record<QualityCode, number>> = {
  'no-readings': 100, missing: 60, gap: 50, flat: 60, constant: 10, spike: 60, 'out-of-range': 80, 'interval-drift': 15, 'duplicate-time': 40, 'stuck-time': 60, copy: 20,
};
/** Costs grow with this power of the share: the first faults weigh more than the thousandth, and a single one weighs next to nothing. */
const COST_POWER = 0.7;
/** A scaled copy is often meant: the same temperature in two units. */
const SCALED_COPY_COST = 5;

const round = (value: number): number => Math.round(value * 10) / 10;
const costOf = (code: QualityCode, share: number): number => round((weights[code] ?? 0) * share ** COST_POWER);

interface Seen {
  readonly count: number;
  readonly first: Position | null;
  readonly last: Position | null;
}

const finding = (code: QualityCode, { count, first, last }: Seen, share: number, more: Partial<QualityFinding> = {}): QualityFinding => {
  const bounded = Math.min(1, Math.max(0, share));
  return { code, count, share: bounded, cost: costOf(code, bounded), first, last, other: null, otherName: null, scale: null, ...more };
};

const nothing: Seen = { count: 0, first: null, last: null };

/** Span of the readings, in axis units. */
export interface Extent {
  readonly points: number;
  readonly missing: number;
  readonly first: Position | null;
  readonly last: Position | null;
}

/** What was found about one sensor by itself. */
export const findingsOf = (scan: ScanResult, { points, first, last }: Extent, repeats: RepeatedTimes | undefined): QualityFinding[] => {
  if (points === 0) return [finding('no-readings', nothing, 1)];
  const whole: Seen = { count: points, first, last };
  const span = Math.max(1, (last ?? 0) - (first ?? 0));
  const share = ({ count }: Seen): number => count / Math.max(1, scan.readings);
  return [
    ...(scan.missing.count > 0 ? [finding('missing', scan.missing, scan.missing.count / (points + scan.missing.count))] : []),
    ...(scan.gaps.count > 0 ? [finding('gap', scan.gaps, scan.gapLength / span)] : []),
    ...(scan.isConstant && points > 2 ? [finding('constant', whole, 1)] : []),
    ...(scan.flat.count > 0 && !scan.isConstant ? [finding('flat', scan.flat, share(scan.flat))] : []),
    ...(scan.spikes.count > 0 ? [finding('spike', scan.spikes, share(scan.spikes))] : []),
    ...(scan.outOfRange.count > 0 ? [finding('out-of-range', scan.outOfRange, share(scan.outOfRange))] : []),
    ...(scan.drift.count > 0 ? [finding('interval-drift', scan.drift, scan.drift.count / Math.max(1, scan.rows))] : []),
    ...(repeats === undefined ? [] : repeatFindings(repeats, points)),
  ];
};

/** The same with the sensors that have the same readings, costliest first. @param count readings of the sensor */
export const withCopies = (own: readonly QualityFinding[], copies: readonly CopyOf[], count: number): QualityFinding[] => {
  const copied = copies.map(({ other, otherName, scale, isExact }) => finding('copy', { count, first: null, last: null }, 1, { other, otherName, scale, ...(isExact ? {} : { cost: SCALED_COPY_COST }) }));
  return [...own, ...copied].sort((a, b) => b.cost - a.cost);
};

const repeatFindings = ({ repeated, stuck, replaced, first, last }: RepeatedTimes, points: number): QualityFinding[] => {
  const once = repeated - stuck + replaced;
  return [
    ...(stuck > 0 ? [finding('stuck-time', { count: stuck, first, last }, stuck / (points + stuck))] : []),
    ...(once > 0 ? [finding('duplicate-time', { count: once, first, last }, once / (points + once))] : []),
  ];
};

/** 100 less the costs. */
export const scoreOf = (findings: readonly QualityFinding[]): number => Math.max(0, round(100 - findings.reduce((sum, { cost }) => sum + cost, 0)));

/** Readings that the interval would give from the first to the last row; null where there is none to go by. */
export const expectedOf = ({ interval, isRegular }: ScanRules, { first, last }: Extent): number | null =>
  interval === null || !isRegular || first === null || last === null ? null : Math.max(1, Math.round((last - first) / interval) + 1);

/** One period as the contract has it. */
export const periodOf = (counts: PeriodCounts, rules: ScanRules, extent: Extent): QualityPeriod => {
  const { count, missing, flat, spikes, outOfRange } = counts;
  const within = Math.max(0, Math.min(counts.to, extent.last ?? counts.from) - Math.max(counts.from, extent.first ?? counts.to));
  const regular = rules.interval === null || !rules.isRegular ? count + missing : within / rules.interval;
  // The edges of a period fall between two readings.
  const expected = Math.abs(regular - (count + missing)) <= 1 ? count + missing : regular;
  const absent = expected > 0 ? Math.max(0, 1 - (count + missing) / expected) : 0;
  const share = (number: number): number => number / Math.max(1, count);
  const cost = costOf('missing', missing / Math.max(1, count + missing)) + costOf('gap', absent) + costOf('flat', share(flat)) + costOf('spike', share(spikes)) + costOf('out-of-range', Math.min(1, share(outOfRange)));
  return { ...counts, expected, score: expected < 1 ? null : count === 0 ? 0 : Math.max(0, round(100 - cost)) };
};
