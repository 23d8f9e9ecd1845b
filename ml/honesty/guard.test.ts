import { describe, expect, it } from 'vitest';
import type { Dataset } from '../dataset/table.ts';
import { TrainingConfig } from '../documents/config.ts';
import { blockingFindings, Honesty } from '../documents/honesty.ts';
import { byBoosting, fitBoosting } from '../evaluation/baselines/boosting.ts';
import { fitNormalisation } from '../dataset/normalisation.ts';
import { changedByLife, leaks, splitByPieces } from '../testdata/leaks.ts';
import { honestSets } from '../testdata/honestSets.ts';
import { ordinary, plantOf, sensors } from '../testdata/plant.ts';
import { prepare } from '../training/prepare.ts';
import { guardHonesty } from './guard.ts';
import type { Subject } from './subject.ts';

/** The guard over a dataset, with gradient boosting in the network's place: what is judged is the data, and it takes no time. */
const guarded = (dataset: Dataset, task: 'rul' | 'failure', change: (prepared: Subject['prepared']) => Subject['prepared'] = (same) => same): Honesty => {
  const prepared = prepare(dataset, TrainingConfig.parse({ task, window: 20, horizon: task === 'failure' ? 20 : null }));
  const points = { document: dataset.document, rows: prepared.rows, window: 20 };
  const predicted = byBoosting(fitBoosting({ ...points, windows: prepared.training }, prepared.config), { ...points, windows: prepared.validation });
  return guardHonesty({ prepared: change(prepared), judged: { windows: prepared.validation, predicted } });
};
const codes = (honesty: Honesty): string[] => blockingFindings(honesty).map(({ code }) => code);

describe('twelve planted leaks', () => {
  it('are twelve', () => expect(leaks).toHaveLength(12));
  it.each(leaks)('$name: $code', ({ build, code }) => {
    const honesty = guarded(build(), 'rul');
    expect(codes(honesty)).toContain(code);
    expect(Honesty.parse(JSON.parse(JSON.stringify(honesty)))).toEqual(honesty);
  });
  it.each(leaks.slice(0, 6))('of a failure within a horizon: $name', ({ build, code }) => expect(codes(guarded(build(), 'failure'))).toContain(code));
});

describe('twenty honest sets', () => {
  it('are twenty', () => expect(honestSets).toHaveLength(20));
  it.each(honestSets)('$name', ({ build }) => expect(codes(guarded(build(), 'rul'))).toEqual([]));
  it.each(honestSets.slice(-4))('of a failure within a horizon: $name', ({ build }) => expect(codes(guarded(build(), 'failure'))).toEqual([]));
});

it('takes no coarse or jumping columns for copies', () => {
  const jumps = { relay: ({ clock, wear, random }: Parameters<(typeof sensors)[string]>[0]) => 50 * Math.sign(Math.sin(clock / 9)) + wear + 0.1 * random.normal(), coarse: ({ wear, random }: Parameters<(typeof sensors)[string]>[0]) => Math.round(100 + 2 * wear + 0.4 * random.normal()) };
  for (const seed of [31, 32]) expect(codes(guarded(plantOf({ ...ordinary, machines: 30, livesEach: 2, axis: 'cycle', seed, columns: { ...jumps, vibration: sensors['vibration'] ?? (() => 0) } }), 'rul'))).toEqual([]);
});

describe('other leaks', () => {
  const withColumn = (column: (typeof sensors)[string], change: Partial<typeof ordinary> = {}): Dataset => plantOf({ ...ordinary, columns: { ...sensors, planted: column }, ...change });
  it('are found where two columns tell the end together', () => {
    let mask = 0;
    const set = plantOf({ ...ordinary, columns: { ...sensors, masked: ({ left, random }) => left + (mask = 60 * random.normal()), mask: () => mask } });
    expect(codes(guarded(set, 'rul'))).toEqual(['columns-know-the-end']);
  });
  it('are found in stages that follow the share of life, and in a bit that is the failure', () => {
    expect(codes(guarded(withColumn(({ left, life }) => Math.floor(4 * (1 - left / life))), 'rul'))).toEqual(['failure-flag']);
    expect(codes(guarded(withColumn(({ left }) => Number(left <= 1)), 'rul'))).toEqual(['failure-flag']);
  });
  it('are found where a column is another one shifted, or its centred mean', () => {
    const blank = withColumn(() => 0);
    const from = (at: (column: readonly number[], row: number) => number): Dataset => {
      const read: number[][] = [];
      changedByLife(blank, 'vibration', (column) => (read.push(column), column));
      let life = 0;
      return changedByLife(blank, 'planted', (column) => {
        const own = read[life++] ?? [];
        return column.map((_, row) => at(own, row));
      });
    };
    expect(codes(guarded(from((own, row) => own[Math.min(own.length - 1, row + 5)] ?? 0), 'rul'))).toEqual(['future-copy']);
    expect(codes(guarded(from((own, row) => ((own[row - 1] ?? 0) + (own[row] ?? 0) + (own[row + 1] ?? 0)) / 3), 'rul'))).toEqual(['future-copy']);
    // The past is nobody's secret.
    expect(codes(guarded(from((own, row) => own[Math.max(0, row - 5)] ?? 0), 'rul'))).toEqual([]);
  });
  it('are found in a date of the failure, and in what is known of the lives that failed', () => {
    expect(codes(guarded(withColumn(({ clock, left }) => clock + left), 'rul'))).toEqual(['life-constant']);
    const cut = withColumn(() => 0, { machines: 30, cutOff: 0.5 });
    expect(codes(guarded(changedByLife(cut, 'planted', (column, unit) => column.map(() => Number(unit.end === 'failure'))), 'rul'))).toEqual(['life-constant']);
  });
  it('are found in a scaler that saw the validation lives', () => {
    const foreign = ({ normalisation, ...rest }: Subject['prepared']): Subject['prepared'] => ({ ...rest, normalisation: { ...fitNormalisation(rest.dataset, rest.dataset.document.units.map((_, at) => at)), conditionSensors: normalisation.conditionSensors } });
    expect(codes(guarded(plantOf(ordinary), 'rul', foreign))).toEqual(['scaler-saw-validation']);
  });
  it('are found in parts of cut-off lives that follow one another', () => {
    const { document, values } = splitByPieces(plantOf({ ...ordinary, machines: 24 }), 40, 8);
    const goesOn = (at: number): boolean => document.units[at + 1]?.asset === document.units[at]?.asset;
    const units = document.units.map((unit, at) => (goesOn(at) ? { ...unit, end: 'censored' as const, failureAt: null } : unit));
    expect(codes(guarded({ document: { ...document, units }, values }, 'rul'))).toContain('gap-too-short');
  });
  it('are found in a failure that became known after all validation lives, but not where all are recorded late', () => {
    const { document, values } = plantOf(ordinary);
    const over = Math.max(...document.units.map(({ start, rows }) => start + rows * document.step));
    const lateWhere = (late: (at: number) => boolean): Dataset => ({ document: { ...document, units: document.units.map((unit, at) => (late(at) ? { ...unit, knownAt: over + 1000 * document.step } : unit)) }, values });
    expect(codes(guarded(lateWhere((at) => at === 1), 'rul'))).toEqual(['label-known-later']);
    const recorded = guarded(lateWhere(() => true), 'rul');
    expect(codes(recorded)).toEqual([]);
    expect(recorded.findings.map(({ code }) => code)).toContain('label-known-later');
  });
  it('are found in validation lives that were picked for their ease', () => {
    const noisy = (strength: number) => ({ wear, random, machine }: { wear: number; random: { normal(): number }; machine: number }) => strength * wear + (machine % 4 === 0 ? 0.05 : 1.5) * random.normal();
    expect(codes(guarded(plantOf({ ...ordinary, machines: 24, columns: { a: noisy(3), b: noisy(-2) } }), 'rul'))).toContain('easy-validation');
  });
  it('are found where the sensors add nothing to the age', () => {
    const blind = plantOf({ ...ordinary, life: [90, 110], columns: { hours: ({ age }) => age, a: ({ random }) => random.normal(), b: ({ random, age }) => random.normal() + 0.01 * age } });
    expect(codes(guarded(blind, 'rul'))).toEqual(['age-only-twin']);
  });
  it('are found where the model reads the calendar instead of the machine', () => {
    const set = plantOf({ ...ordinary, machines: 24, startsOver: 150 });
    const prepared = prepare(set, TrainingConfig.parse({ task: 'rul', window: 20 }));
    const predicted = Float32Array.from(prepared.validation.ends, (end, at) => {
      const unit = set.document.units[prepared.validation.units[at] ?? 0];
      return 200 - ((unit?.start ?? 0) - 1_700_000_000e6) / 3600e6 - (end - (unit?.offset ?? 0));
    });
    expect(codes(guardHonesty({ prepared, judged: { windows: prepared.validation, predicted } }))).toContain('scores-at-once');
  });
});
