import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrainingConfig } from '../../ml/documents/config.ts';
import type { Evaluation } from '../../ml/documents/metrics.ts';
import { ModelDocument } from '../../ml/documents/model.ts';
import { AppError } from '../contract/errors.ts';
import { microsOf, ModelId } from '../contract/values.ts';
import { settableClock } from '../engine/clock.ts';
import { openPlant, type Plant } from '../store/plant.ts';
import { createRegistry, type Registry } from './registry.ts';
import { comparable, isBetter, skillOf } from './skill.ts';

const clock = settableClock(microsOf(1_750_000_000_000));
let folder = '';
let plant: Plant;
let registry: Registry;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'registry-'));
  plant = openPlant(folder, { clock });
  registry = createRegistry({ plant, clock, folder });
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

const rulEvaluation = (rmse: number, rival: number): Evaluation => {
  const metrics = (value: number) => ({ kind: 'rul' as const, unit: 'cycles', units: 5, points: 50, rmse: value, mae: value, score: 1, coverage90: null, meanWidth90: null });
  return { metrics: metrics(rmse), baselines: [{ name: 'mean-life', metrics: metrics(rival * 2) }, { name: 'age-only', metrics: metrics(rival) }] };
};

/** A run's model folder as a trainer leaves it; no weights that a scorer could open. */
const trained = (id: string, evaluation: Evaluation): string => {
  const place = join(folder, 'runs', id, 'model');
  mkdirSync(place, { recursive: true });
  const document = ModelDocument.parse({
    version: 1, id, task: 'rul', machineType: 'pump', axis: 'cycle', step: 1, unit: 'cycles', stepInUnit: 1, sensors: [{ name: 's', unit: null }], inputs: [0], leftOut: [],
    config: TrainingConfig.parse({ task: 'rul' }), normalisation: { conditionSensors: [], centres: [[]], conditionScale: [], mean: [[0]], std: [[1]] }, healthy: [0], conformal: null, threshold: null,
    calibration: null, ground: { low: [0], high: [1], outsideShare: 0.1, missingShare: 0.5 }, baselines: [], parameters: 10, weights: [], weightsSha256: '', backend: 'tfjs-node', versions: {}, fingerprint: 'f', bestEpoch: 1, evaluation,
  });
  writeFileSync(join(place, 'model.json'), JSON.stringify(document));
  writeFileSync(join(place, 'weights.bin'), id);
  return place;
};
const roles = (): string[] => registry.models().map(({ id, role }) => `${id}:${role}`).sort();

describe('the registry', () => {
  it('makes the first model champion, a better one after it, and leaves a worse one challenger', () => {
    expect(registry.register(trained('a', rulEvaluation(10, 20)), null).role).toBe('champion');
    // A smaller error on easier units: relative to its rivals it is worse.
    expect(registry.register(trained('b', rulEvaluation(8, 12)), null).role).toBe('challenger');
    expect(registry.register(trained('c', rulEvaluation(12, 30)), null).role).toBe('champion');
    expect(roles()).toEqual(['a:archived', 'b:challenger', 'c:champion']);
  });

  it('keeps what it took over, whatever becomes of the run', () => {
    const place = trained('a', rulEvaluation(10, 20));
    registry.register(place, null);
    rmSync(join(folder, 'runs'), { recursive: true });
    expect(readFileSync(join(registry.modelFolder(ModelId.parse('a')), 'weights.bin'), 'utf8')).toBe('a');
    expect(registry.documentOf(ModelId.parse('a')).machineType).toBe('pump');
  });

  it('takes a model once, and over what a killed engine left of it', () => {
    mkdirSync(join(folder, 'models', 'a'), { recursive: true });
    mkdirSync(join(folder, 'models', 'b.new'), { recursive: true });
    registry = createRegistry({ plant, clock, folder });
    registry.register(trained('a', rulEvaluation(10, 20)), null);
    expect(registry.register(join(folder, 'runs', 'a', 'model'), null).role).toBe('champion');
    expect(registry.models()).toHaveLength(1);
    expect(readdirSync(join(folder, 'models'))).toEqual(['a']);
  });

  it('promotes by hand and rolls back', () => {
    registry.register(trained('a', rulEvaluation(10, 20)), null);
    registry.register(trained('b', rulEvaluation(19, 20)), null);
    expect(registry.promote(ModelId.parse('b')).role).toBe('champion');
    expect(registry.rollback('rul', 'pump').id).toBe('a');
    expect(() => registry.rollback('rul', 'pump')).toThrow(/no earlier champion/);
    expect(() => registry.promote(ModelId.parse('x'))).toThrow(/no model 'x'/);
  });

  const finding = { code: 'knows-the-end' as const, severity: 'blocking' as const, columns: ['planned'], units: [], figure: 0.02, limit: 0.2, measure: 'error', what: "'planned' alone tells the end.", remedy: "Leave 'planned' out." };
  const judged = (severity: 'blocking' | 'warning'): Evaluation => ({ ...rulEvaluation(1, 20), honesty: { version: 1, findings: [{ ...finding, severity }], twins: [], skipped: [] } });

  it('never makes champion what the honesty guard has blocked, neither by itself nor by hand', () => {
    expect(registry.register(trained('a', judged('blocking')), null).role).toBe('challenger');
    expect(registry.register(trained('b', rulEvaluation(10, 20)), null).role).toBe('champion');
    expect(registry.register(trained('c', judged('blocking')), null).role).toBe('challenger');
    expect(() => registry.promote(ModelId.parse('c'))).toThrow(/'planned' alone tells the end/);
    try {
      registry.promote(ModelId.parse('c'));
    } catch (thrown) {
      expect(AppError.of(thrown).toDocument()).toMatchObject({ code: 'state-conflict', details: { model: 'c', finding: 'knows-the-end', columns: 'planned' } });
    }
    expect(roles()).toEqual(['a:challenger', 'b:champion', 'c:challenger']);
    expect(registry.register(trained('d', judged('warning')), null).role).toBe('champion');
  });

  it('refuses what is no model', () => {
    const place = trained('a', rulEvaluation(10, 20));
    writeFileSync(join(place, 'model.json'), '{');
    expect(() => registry.register(place, null)).toThrow(/can't be read/);
  });
});

describe('skill', () => {
  const failure = (prAuc: number, rival: number, horizon = 30): Evaluation => {
    const metrics = (value: number) => ({ kind: 'failure' as const, horizon, unit: 'cycles', units: 5, points: 50, threshold: 0.5, accuracy: 1, precision: 1, recall: 1, f1: 1, prAuc: value, confusion: { tp: 1, fp: 0, tn: 1, fn: 0 } });
    return { metrics: metrics(prAuc), baselines: [{ name: 'age-only', metrics: metrics(rival) }] };
  };
  const fault = (macroF1: number, classes: string[]): Evaluation => {
    const metrics = (value: number): Evaluation['metrics'] => ({ kind: 'fault', classes, horizon: 5, unit: 'days', units: 3, points: 9, accuracy: value, macroF1: value, perClass: [], confusion: [], byUnit: null });
    return { metrics: metrics(macroF1), baselines: [{ name: 'majority', metrics: metrics(0.3) }, { name: 'class-linear', metrics: metrics(0.6) }] };
  };
  it('of kinds of faults is the macro-F1 above the best rival’s, and is compared where the kinds are the same', () => {
    expect(skillOf(fault(0.9, ['healthy', 'BRD', 'VIB']))).toBeCloseTo(0.3);
    expect(comparable(fault(0.9, ['healthy', 'BRD', 'VIB']).metrics, fault(0.5, ['healthy', 'VIB', 'BRD']).metrics)).toBe(true);
    expect(comparable(fault(0.9, ['healthy', 'BRD', 'VIB']).metrics, fault(0.5, ['healthy', 'BRD', 'OHE']).metrics)).toBe(false);
  });
  it('is the distance from the best naive rival', () => {
    expect(skillOf(rulEvaluation(10, 20))).toBeCloseTo(0.5);
    expect(skillOf(failure(0.9, 0.6))).toBeCloseTo(0.3);
    expect(skillOf({ ...rulEvaluation(10, 20), baselines: [] })).toBe(0);
  });
  it('counts the rivals that both tables have', () => {
    const older = rulEvaluation(10, 20);
    const newer = rulEvaluation(9, 20);
    const stronger = { name: 'boosting', metrics: rulEvaluation(9.5, 20).metrics };
    expect(isBetter({ ...newer, baselines: [...newer.baselines, stronger] }, older)).toBe(true);
    expect(isBetter(older, newer)).toBe(false);
  });
  it('is compared only where both speak of the same', () => {
    expect(comparable(failure(0.9, 0.6).metrics, failure(0.8, 0.5, 60).metrics)).toBe(false);
    expect(comparable(rulEvaluation(1, 2).metrics, failure(0.8, 0.5).metrics)).toBe(false);
    expect(comparable(rulEvaluation(1, 2).metrics, rulEvaluation(3, 4).metrics)).toBe(true);
  });
});
