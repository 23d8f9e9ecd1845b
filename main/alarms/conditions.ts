import type { LifeEvent, Lives } from '../../ml/dataset/lives.ts';
import type { AlarmPriority } from '../contract/alarms.ts';
import type { Asset, Forecast, Health } from '../contract/plant.ts';
import type { ModelId } from '../contract/values.ts';
import { healthRule, likelyRule, nearRule, priorityOf, type Condition, type Rule, type Sample } from './rules.ts';

/** What is known of one condition of one machine: its values, newest first, and how its newest one is told. */
export interface Observation {
  readonly condition: Condition;
  readonly rule: Rule;
  readonly samples: readonly Sample[];
  readonly unit: string;
  readonly model: ModelId | null;
  /** Axis position of the newest value. */
  readonly on: number;
  readonly priority: AlarmPriority;
  readonly message: string;
}

/** A number as people say it: no more digits than it is worth. */
const say = (value: number): string => {
  const digits = Math.abs(value) >= 10 ? 0 : 1;
  return value.toFixed(digits).replace(/\.0$/, '');
};
/** A span of time in the unit that suits its length. */
const saySpan = (value: number, unit: string): string => (unit === 'days' && Math.abs(value) < 2 ? `${say(value * 24)} hours` : `${say(value)} ${unit}`);
/** No model is certain: what is nearly so is said as that. */
const percent = (share: number): string => (share > 0.99 ? 'over 99 %' : share < 0.01 ? 'under 1 %' : `${Math.round(share * 100)} %`);

/** Null when the newest health has no value. @param history in order of position */
export const healthObservation = (asset: Asset, history: readonly Health[]): Observation | null => {
  const newest = history.at(-1);
  if (newest === undefined || newest.index === null) return null;
  const mostly = newest.drivers[0] === undefined ? '' : `; mostly ${newest.drivers[0].sensor}`;
  return {
    condition: 'health-low',
    rule: healthRule,
    samples: history.map(({ at, index }) => ({ at, value: index })).reverse(),
    unit: '%',
    model: null,
    on: newest.at,
    priority: priorityOf(healthRule, newest.index),
    message: `${asset.name}: health is ${say(newest.index)} of 100, below its limit of ${healthRule.raise}${mostly}`,
  };
};

/** Null when the newest forecast has no remaining life. @param history in order of position */
export const nearObservation = (asset: Asset, history: readonly Forecast[]): Observation | null => {
  const newest = history.at(-1);
  if (newest === undefined || newest.rul === null) return null;
  const { median, low, high, unit } = newest.rul;
  const rule = nearRule(unit);
  return {
    condition: 'failure-near',
    rule,
    samples: history.map(({ asOf, rul }) => ({ at: asOf, value: rul === null ? null : rul.median })).reverse(),
    unit,
    model: newest.model,
    on: newest.asOf,
    priority: priorityOf(rule, median),
    message: `${asset.name}: failure is forecast in ${saySpan(median, unit)} (90 %: ${saySpan(low, unit)} to ${saySpan(high, unit)}), sooner than the lead time of ${say(rule.raise)} ${unit}`,
  };
};

/** Null when the newest forecast has no probability. @param history in order of position @param threshold of the model that gives the probability */
export const likelyObservation = (asset: Asset, history: readonly Forecast[], threshold: number): Observation | null => {
  const newest = history.at(-1);
  const said = newest?.failureProbability[0];
  if (newest === undefined || said === undefined) return null;
  const rule = likelyRule(threshold);
  return {
    condition: 'failure-likely',
    rule,
    samples: history.map(({ asOf, failureProbability }) => ({ at: asOf, value: failureProbability[0]?.p ?? null })).reverse(),
    unit: 'probability',
    model: newest.model,
    on: newest.asOf,
    priority: priorityOf(rule, said.p),
    message: `${asset.name}: the probability of failure within ${saySpan(said.horizon, said.unit)} is ${percent(said.p)}, above its limit of ${percent(threshold)}`,
  };
};

/** Whether the machine has begun a new life after `position`: what was said about the one before is over. */
export const restartedSince = (events: readonly LifeEvent[], position: number, newest: number): boolean =>
  events.some(({ kind, start, end }) => (kind === 'maintenance' ? (end ?? start) : (end ?? Number.NaN)) > position && start <= newest);

/** Whether the machine is down, or its run is over: a failure then is a fact, no forecast of one is news. */
export const isOver = ({ lives, downSince }: Lives): boolean => downSince !== null || lives.at(-1)?.ended === 'failure';
