import { beforeAll, describe, expect, it } from 'vitest';
import { loadTfjsNode } from '../backend/tfjs.ts';
import { TrainingConfig } from '../documents/config.ts';
import { chosenConfig, SearchReport, type SearchTrial } from '../documents/search.ts';
import { Random } from '../dataset/random.ts';
import { minimumHistory } from '../dataset/windows.ts';
import { fleet, smallFleet } from '../testdata/fleet.ts';
import { candidatesOf, commonHistory } from './candidates.ts';
import { foldsOf } from './folds.ts';
import { chosenOf, search, trialsOf, type SearchHooks } from './search.ts';

beforeAll(async () => {
  await loadTfjsNode();
});

const base = TrainingConfig.parse({ task: 'rul', window: 12, stride: 6, filters: 4, blocks: 1, kernel: 3, dense: 4, epochs: 3, batch: 64, pooling: 1, members: 1, seed: 4 });
const data = fleet({ ...smallFleet, units: 8, life: [40, 60] });

/** Hooks whose clock is moved by the work alone, a second a batch: the same on every machine. */
const hooks = (told: (trial: SearchTrial, report: SearchReport) => void = () => undefined, signal: AbortSignal = new AbortController().signal): SearchHooks => {
  let seconds = 0;
  return {
    trial: (trial, report) => {
      told(trial, structuredClone(report));
      return Promise.resolve();
    },
    breathe: () => {
      seconds++;
      return Promise.resolve();
    },
    signal,
    now: () => 1000 * seconds,
  };
};
const withoutTimes = ({ trials }: SearchReport): unknown => trials.map(({ ms: _ms, ...trial }) => trial);

describe('a search under a time budget', () => {
  it('is the same with the same seed, chooses by units held out of the training part, and goes on where it was stopped', async () => {
    const whole = await search(data, base, 0.3, hooks());
    expect(SearchReport.parse(whole)).toEqual(whole);
    expect(whole.trials[0]).toMatchObject({ number: 1, round: 0, config: base, epochs: 3, failed: null });
    expect(whole.trials.length).toBeGreaterThanOrEqual(3);
    expect(whole.elapsedMs).toBeLessThanOrEqual(19_000);
    expect(chosenConfig(whole, base).epochs).toBe(base.epochs);
    const control = new AbortController();
    let stopped: SearchReport | undefined;
    const cut = search(data, base, 0.3, hooks((trial, report) => {
      if (trial.number !== 2) return;
      stopped = report;
      control.abort();
    }, control.signal));
    await expect(cut).rejects.toMatchObject({ code: 'cancelled' });
    const resumed = await search(data, base, 0.3, hooks(), SearchReport.parse(stopped));
    expect(withoutTimes(resumed)).toEqual(withoutTimes(whole));
    expect(resumed.chosen).toBe(whole.chosen);
  }, 120_000);

  it('keeps what was asked for where the budget allows no trial', async () => {
    const report = await search(data, base, 0.01, hooks());
    expect(report).toMatchObject({ trials: [], chosen: null, finished: true });
    expect(chosenConfig(report, base)).toBe(base);
  });
});

describe('the trials of a search', () => {
  const ten = { ...base, epochs: 10 };
  /** What comes of the first trials where each configuration has the loss that `lossFor` gives. */
  const run = (count: number, lossFor: (config: TrainingConfig, at: number) => number | null): SearchTrial[] => {
    const sequence = trialsOf(ten);
    const done: SearchTrial[] = [];
    let next = sequence.next();
    for (let at = 0; at < count; at++) {
      const trial: SearchTrial = { ...next.value, number: at + 1, loss: lossFor(next.value.config, at), metric: null, ms: 1, failed: null };
      done.push(trial);
      next = sequence.next(trial);
    }
    return done;
  };

  it('are what was asked for, then rounds in which the best of nine go on', () => {
    const done = run(27, ({ learningRate }) => Math.abs(Math.log(learningRate / 2e-3)));
    expect(done.map(({ round, rung, epochs }) => `${round}.${rung}: ${epochs}`)).toEqual(['0.0: 10', ...[1, 2].flatMap((round) => [...new Array(9).fill(`${round}.0: 2`), ...new Array(3).fill(`${round}.1: 4`), `${round}.2: 10`])]);
    const round = done.filter((trial) => trial.round === 2);
    const losses = (rung: number): number[] => round.filter((trial) => trial.rung === rung).map(({ loss }) => loss ?? 0).sort((a, b) => a - b);
    expect(losses(1)).toEqual(losses(0).slice(0, 3));
    expect(losses(2)).toEqual(losses(0).slice(0, 1));
    const chosen = done.find(({ number }) => number === chosenOf(done, ten));
    expect(chosen?.epochs).toBe(10);
    expect(chosen?.loss).toBe(Math.min(...done.filter(({ epochs }) => epochs === 10).map(({ loss }) => loss ?? 9)));
  });

  it('keep what was asked for where nothing is clearly better, and pass over what failed', () => {
    const close = run(14, (_config, at) => (at === 0 ? 1 : 0.995));
    expect(chosenOf(close, ten)).toBe(1);
    const failed = run(15, (_config, at) => (at === 0 ? 1 : at === 2 ? 0.4 : null));
    expect(failed.slice(10).map(({ rung, round }) => `${round}.${rung}`)).toEqual(['1.1', '2.0', '2.0', '2.0', '2.0']);
    expect(chosenOf(failed, ten)).toBe(1);
  });
});

describe('what a search holds out', () => {
  it("is never one of the run's own validation units, and every fold learns from some failures", () => {
    const folds = foldsOf(data, 1);
    expect(folds).toHaveLength(3);
    const own = data.document.units.flatMap((unit, index) => (unit.split === 'validation' ? [index] : []));
    for (const { document } of folds) {
      expect(own.every((index) => document.units[index]?.split === 'test')).toBe(true);
      expect(new Set(document.units.map(({ split }) => split))).toEqual(new Set(['train', 'validation', 'test']));
    }
    const outs = folds.map(({ document }) => document.units.flatMap((unit, index) => (unit.split === 'validation' ? [index] : [])).join());
    expect(new Set(outs).size).toBe(3);
    expect(foldsOf({ ...data, document: { ...data.document, units: data.document.units.slice(0, 2) } }, 1)).toEqual([]);
  });

  it('is whole machines where enough of them failed, and of every failure mode where lives are held out', () => {
    const { units } = data.document;
    const splits = (changed: typeof units) => foldsOf({ ...data, document: { ...data.document, units: changed } }, 1).map(({ document }) => document.units);
    for (const fold of splits([...units, ...units].map((unit) => ({ ...unit, split: 'train' as const })))) {
      const sides = new Map<string, Set<string>>();
      for (const { asset, split } of fold) sides.set(asset, (sides.get(asset) ?? new Set()).add(split));
      expect([...sides.values()].every((own) => own.size === 1)).toBe(true);
    }
    const oneMachine = units.map((unit, at) => ({ ...unit, asset: 'mill', split: 'train' as const, mode: at < 3 ? 'VIB' : 'LOO' }));
    for (const fold of splits(oneMachine)) for (const mode of ['VIB', 'LOO']) expect(new Set(fold.filter((unit) => unit.mode === mode).map(({ split }) => split))).toEqual(new Set(['train', 'validation']));
  });

  it('is predicted from windows that all configurations have', () => {
    const drawn = Array.from({ length: 4 }, (_, round) => candidatesOf(base, round + 1, 9, Random.of(round, 'candidates'))).flat();
    expect(drawn.every(({ window }) => minimumHistory(window) <= commonHistory(base))).toBe(true);
    expect(new Set(drawn.slice(0, 3).map(({ preset }) => preset))).toEqual(new Set(['residual', 'inception', 'dilated']));
  });
});
