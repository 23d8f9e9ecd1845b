import { beforeAll, describe, expect, it } from 'vitest';
import { loadTfjsNode } from '../backend/tfjs.ts';
import { Random } from '../dataset/random.ts';
import { simulatedBearing, simulatedBearings } from '../testdata/bearings.ts';
import { bestPrediction } from './accuracyScore.ts';
import { baselinesAt } from './baselines.ts';
import { until } from './history.ts';
import { healthIndicator } from './indicator.ts';
import { byAgeAlone, fitDegradation, remainingAt, type DegradationModel } from './model.ts';
import { nearnessRatios, trainNearness } from './nearness/nearness.ts';
import { quantile } from './remaining.ts';
import { indicatorAt, similarityLikelihood } from './similarity.ts';

const lives = simulatedBearings(Random.of(1, 'bearings'));
const fresh = simulatedBearing({ name: 'fresh', rows: 620, stage: 40, growth: 4, healthy: 0.33 }, Random.of(2, 'bearing'));
let model: DegradationModel;

beforeAll(async () => {
  await loadTfjsNode();
  model = await fitDegradation(lives, 1);
}, 120_000);

describe('a model of a few lives, on a machine that it has not seen', () => {
  it('knows the last stage, and how far off it is as long as it does not show', async () => {
    const [early, near, last] = await nearnessRatios(model.nearness, fresh, [fresh.rows - 300, fresh.rows - 20, fresh.rows - 4]);
    expect(early?.[4]).toBeGreaterThan(3 * (early?.[0] ?? 1));
    expect(near?.[2]).toBeGreaterThan(3 * (near?.[4] ?? 1));
    expect(last?.[0]).toBeGreaterThan(5 * (last?.[3] ?? 1));
  });

  it('foretells the failure within the last stage, where age alone says half a life', async () => {
    const age = fresh.rows - 20;
    const [distribution] = await remainingAt(model, fresh, [age]);
    if (distribution === undefined) throw new Error('One distribution an age.');
    expect(quantile(distribution, 0.5)).toBeGreaterThan(8);
    expect(quantile(distribution, 0.5)).toBeLessThan(45);
    expect(quantile(byAgeAlone(model, until(fresh, age)), 0.5)).toBeGreaterThan(80);
  });

  it('says the same of a cut history as of the whole one at that age', async () => {
    const ages = [10, 200, 590];
    const whole = await remainingAt(model, fresh, ages);
    for (const [at, age] of ages.entries()) {
      const [cut] = await remainingAt(model, until(fresh, age), [age]);
      cut?.mass.forEach((share, point) => expect(share).toBeCloseTo(whole[at]?.mass[point] ?? Number.NaN, 6));
    }
  });

  it('is judged by age alone before it has shown anything of itself', async () => {
    const [young] = await remainingAt(model, fresh, [10]);
    expect(young?.mass).toEqual(byAgeAlone(model, until(fresh, 10)).mass);
  });

  it('learns the same from the same lives and seed, and other weights from another seed', async () => {
    const little = { members: 2, epochs: 1 };
    const [one, again, other] = [await trainNearness(lives, 1, little), await trainNearness(lives, 1, little), await trainNearness(lives, 2, little)];
    expect(again.members).toEqual(one.members);
    expect(other.members[0]).not.toEqual(one.members[0]);
    expect(one.members[1]).not.toEqual(one.members[0]);
  }, 120_000);
});

describe('similarity to known lives', () => {
  it('is largest about where a known life had as long to go', () => {
    const life = lives[2];
    if (life === undefined) throw new Error('The fleet has four lives.');
    const indicator = healthIndicator(life);
    const likelihood = similarityLikelihood(indicatorAt(indicator, life.rows - 1 - 15), lives.map(healthIndicator), model.grid);
    const best = model.grid[likelihood.indexOf(Math.max(...likelihood))] ?? Number.NaN;
    expect(best).toBeGreaterThan(7);
    expect(best).toBeLessThan(30);
    expect(likelihood[model.grid.findIndex((point) => point > 200)]).toBeLessThan(Math.max(...likelihood) / 5);
  });

  it('tells nothing of remaining lives that no known life was long enough for', () => {
    const likelihood = similarityLikelihood({ level: 0, step: 0, impacts: 1.1 }, lives.map(healthIndicator), Float64Array.of(3000, 5000));
    expect(likelihood[0]).toBe(likelihood[1]);
  });
});

describe('baselines', () => {
  it('are the mean life less the age, the best by age, and the trend drawn on to the failures’ level', () => {
    const growing = simulatedBearing({ name: 'growing', rows: 600, stage: 500, growth: 20, healthy: 0.3 }, Random.of(3, 'bearing'));
    const at = baselinesAt(model, lives, growing, 400);
    expect(at.meanLife).toBe(645 - 400);
    expect(at.ageAlone).toBe(bestPrediction(byAgeAlone(model, until(growing, 400))).remaining);
    // Vibration 0.45 sqrt(2) 20^0.6 at row 400, growing by 20^(1/500) a row; the lives end between 1.2 and 6.4.
    expect(at.exponentialRms).toBeLessThan(120);
    expect(baselinesAt(model, lives, growing, 599).meanLife).toBe(46);
    expect(baselinesAt(model, lives, lives[3] ?? growing, 880).meanLife).toBe(1);
  });
});
