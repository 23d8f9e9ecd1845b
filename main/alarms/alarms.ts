import { livesOf, type LifeEvent } from '../../ml/dataset/lives.ts';
import type { Alarm, AlarmFeedback, AlarmTransition } from '../contract/alarms.ts';
import type { PlantEvent } from '../contract/data.ts';
import { AppError } from '../contract/errors.ts';
import type { Asset, Forecast } from '../contract/plant.ts';
import type { AlarmId, AssetId, Micros } from '../contract/values.ts';
import type { Clock } from '../engine/clock.ts';
import type { Log } from '../engine/log.ts';
import type { Plant } from '../store/plant.ts';
import { healthObservation, isOver, likelyObservation, nearObservation, restartedSince, type Observation } from './conditions.ts';
import { takeFeedback } from './feedback.ts';
import { healthRule, holds, longestShelving, nearRule, reAlarmAfter, sideOf, type Condition } from './rules.ts';
import { normalMemory, transition, type AlarmEvent, type AlarmMemory } from './transition.ts';

export interface AlarmParts {
  readonly plant: Pick<Plant, 'alarms' | 'assets' | 'events' | 'forecasts' | 'healths' | 'models' | 'transaction'>;
  readonly clock: Clock;
  readonly log: Log;
}

const conditions: readonly Condition[] = ['health-low', 'failure-near', 'failure-likely'];
/** How far back values are looked at: twice the longest delay tells how long a condition has held. */
const lookBack = 2 * Math.max(healthRule.onDelay, healthRule.offDelay, nearRule('hours').offDelay);
const SAMPLES = 2000;
/** A machine whose newest value is older than this is not live: its delays pass by its own time, since no later value will confirm them. */
const LIVE_WITHIN = 3600e6;

const memoryOf = (alarm: Alarm): AlarmMemory => {
  const suppression = alarm.state === 'shelved' || alarm.state === 'suppressed-by-design' || alarm.state === 'out-of-service' ? alarm.state : null;
  const { active, unacknowledged, shelvedUntil, priority, acknowledgedAt, count } = alarm;
  return { active, unacknowledged, suppression, shelvedUntil, priority, acknowledgedAt, count };
};

/**
 * Watches health and forecasts, raises alarms and keeps their list. State lies in the store alone; delays are derived from the stored
 * health and forecasts, so the alarms of an engine that was killed go on as if it had not been.
 */
export class Alarms {
  readonly #parts: AlarmParts;
  readonly #listeners = new Set<(alarm: Alarm) => void>();
  /** Machines on which a delay is running; null until all were looked at once. */
  #waiting: Set<AssetId> | null = null;

  constructor(parts: AlarmParts) {
    this.#parts = parts;
  }

  /** Health or forecasts of these machines are new: raises, clears and raises again what they say. */
  evaluate(assets: readonly AssetId[]): void {
    const { plant } = this.#parts;
    for (const id of assets) {
      const asset = plant.assets.get(id);
      if (asset === undefined) continue;
      const events = plant.events.list({ asset: id }).flatMap(({ kind, start, end }): LifeEvent[] => (kind === 'failure' || kind === 'maintenance' ? [{ kind, start, end }] : []));
      const waits = conditions.map((condition) => this.#evaluateOne(asset, condition, events)).some(Boolean);
      if (waits) this.#waiting?.add(id);
      else this.#waiting?.delete(id);
    }
  }

  /** Time has passed: ends shelving, calls again, ends delays. To be called every few seconds. */
  tick(): void {
    const { plant } = this.#parts;
    for (const alarm of plant.alarms.open()) this.#apply(alarm, { kind: 'time', reAlarmAfter });
    if (this.#waiting !== null) return this.evaluate([...this.#waiting]);
    this.#waiting = new Set();
    this.evaluate(plant.assets.machines().map((asset) => asset.id));
  }

  /** @throws AppError('not-found'), 'state-conflict' when there is nothing to acknowledge */
  acknowledge(id: AlarmId, comment: string): Alarm {
    return this.#command(id, { kind: 'acknowledge' }, { comment }, comment, 'there is nothing to acknowledge');
  }

  /** @throws AppError('not-found' | 'state-conflict'), 'input-invalid' when `until` is past or more than a week away */
  shelve(id: AlarmId, until: Micros, reason: string): Alarm {
    const now = this.#parts.clock.now();
    if (until <= now || until > now + longestShelving) {
      const received = new Date(until / 1000).toISOString();
      throw new AppError('input-invalid', `an alarm can be shelved until a time within the next ${longestShelving / 86_400e6} days, received ${received}; name an earlier time`, { until });
    }
    return this.#command(id, { kind: 'shelve', until }, { shelveReason: reason }, reason, 'it can be shelved only while it is open and not shelved');
  }

  /** @throws AppError('not-found'), 'state-conflict' when it is not shelved */
  unshelve(id: AlarmId): Alarm {
    return this.#command(id, { kind: 'unshelve' }, {}, null, 'it is not shelved');
  }

  /** Takes what was found after an alarm, open or closed; it stays in its state. @throws AppError('not-found' | 'input-invalid') */
  feedback(told: AlarmFeedback): PlantEvent[] {
    return takeFeedback(this.#parts.plant, this.#parts.clock, this.#must(told.alarm), told);
  }

  /** The alarms that are not closed, newest first. */
  list(): Alarm[] {
    return this.#parts.plant.alarms.open();
  }

  history({ asset, limit }: { asset: AssetId | null; limit: number }): Alarm[] {
    return this.#parts.plant.alarms.history(asset, limit);
  }

  /** @throws AppError('not-found') */
  transitions(id: AlarmId): AlarmTransition[] {
    return this.#parts.plant.alarms.transitions(this.#must(id).id);
  }

  /** Hears each alarm that was raised or changed; returns how to stop. */
  onAlarm(listener: (alarm: Alarm) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(alarm: Alarm): Alarm {
    for (const listener of this.#listeners) listener(alarm);
    return alarm;
  }

  #must(id: AlarmId): Alarm {
    const alarm = this.#parts.plant.alarms.get(id);
    if (alarm === undefined) throw new AppError('not-found', `there is no alarm ${id}`, { alarm: id });
    return alarm;
  }

  #command(id: AlarmId, event: AlarmEvent, more: Partial<Alarm>, comment: string | null, refusal: string): Alarm {
    const alarm = this.#must(id);
    const done = alarm.closedAt === null ? this.#apply(alarm, event, more, comment) : null;
    if (done !== null) return done;
    const state = alarm.closedAt === null ? alarm.state : 'closed';
    throw new AppError('state-conflict', `alarm ${id} of ${alarm.assetName} is ${state}: ${refusal}`, { alarm: id, state });
  }

  /** Takes an event into an open alarm; null when it changes nothing. `more` is what else is written with it. */
  #apply(alarm: Alarm, event: AlarmEvent, more: Partial<Alarm> = {}, comment: string | null = null): Alarm | null {
    const { plant, clock, log } = this.#parts;
    const at = clock.now();
    const step = transition(memoryOf(alarm), event, at);
    if (step === null) return null;
    const { active, unacknowledged, shelvedUntil, priority, acknowledgedAt, count } = step.memory;
    const next: Alarm = { ...alarm, active, unacknowledged, shelvedUntil, priority, acknowledgedAt, count, ...more, state: step.to };
    if (step.cause === 'cleared') next.clearedAt = at;
    if (step.cause === 'condition') next.clearedAt = null;
    if (step.to !== 'shelved') next.shelveReason = null;
    if (step.to === 'normal') next.closedAt = at;
    const saved = plant.transaction(() => {
      plant.alarms.addTransition({ alarm: alarm.id, at, from: step.from, to: step.to, cause: step.cause, comment });
      return plant.alarms.save(next);
    });
    log.info('an alarm changed its state', { alarm: alarm.id, asset: alarm.assetName, condition: alarm.condition, from: step.from, to: step.to, cause: step.cause });
    return this.#tell(saved);
  }

  #open(asset: Asset, seen: Observation): void {
    const { plant, clock, log } = this.#parts;
    const { condition, rule, unit, model, priority, message } = seen;
    const at = clock.now();
    const step = transition(normalMemory, { kind: 'condition', holds: true, priority }, at);
    if (step === null) return;
    const { active, unacknowledged, count } = step.memory;
    const nothingYet = { clearedAt: null, acknowledgedAt: null, comment: null, shelvedUntil: null, shelveReason: null, closedAt: null };
    const created = plant.transaction(() => {
      const value = seen.samples[0]?.value ?? rule.raise;
      const alarm = plant.alarms.create({ asset: asset.id, condition, state: step.to, active, unacknowledged, priority, count, unit, model, message, value, limit: rule.raise, raisedAt: at, raisedOn: seen.on, ...nothingYet });
      plant.alarms.addTransition({ alarm: alarm.id, at, from: step.from, to: step.to, cause: step.cause, comment: null });
      return alarm;
    });
    log.info('an alarm was raised', { alarm: created.id, asset: asset.name, condition, value: created.value, limit: created.limit });
    this.#tell(created);
  }

  /** The threshold that was chosen for the model that gives the probability; a forecast names the one that leads it, which may be another. */
  #thresholdFor(asset: Asset, newest: Forecast | undefined): number {
    const { models } = this.#parts.plant;
    const own = newest?.model === null || newest === undefined ? undefined : models.get(newest.model)?.evaluation.metrics;
    const metrics = own?.kind === 'failure' ? own : models.champion('failure', asset.machineType)?.evaluation.metrics;
    return metrics?.kind === 'failure' ? metrics.threshold : 0.5;
  }

  #observe(asset: Asset, condition: Condition, span: { from?: number; limit: number }): Observation | null {
    const { plant } = this.#parts;
    if (condition === 'health-low') return healthObservation(asset, plant.healths.history(asset.id, span));
    const forecasts = plant.forecasts.history(asset.id, span);
    return condition === 'failure-near' ? nearObservation(asset, forecasts) : likelyObservation(asset, forecasts, this.#thresholdFor(asset, forecasts.at(-1)));
  }

  /** The newest value is gone: that clears nothing, unless the machine has begun a new life since. */
  #valueGone(asset: Asset, condition: Condition, alarm: Alarm | undefined, events: readonly LifeEvent[]): void {
    const { healths, forecasts } = this.#parts.plant;
    const on = condition === 'health-low' ? healths.latest(asset.id)?.at : forecasts.latest(asset.id)?.asOf;
    if (alarm === undefined || !alarm.active || on === undefined) return;
    if (restartedSince(events, alarm.raisedOn, on)) this.#apply(alarm, { kind: 'condition', holds: false, priority: alarm.priority });
  }

  /** Whether the condition holds by what is known, and whether a delay is running. */
  #judge(asset: Asset, newest: Observation, was: boolean): { holds: boolean; waits: boolean } {
    const value = newest.samples[0]?.value ?? null;
    if (value === null || sideOf(newest.rule, value) !== (was ? 'good' : 'bad')) return { holds: was, waits: false };
    if (asset.axis === 'cycle') return { holds: !was, waits: false };
    const seen = this.#observe(asset, newest.condition, { from: newest.on - lookBack, limit: SAMPLES }) ?? newest;
    const now = this.#parts.clock.now();
    const live = now - newest.on < LIVE_WITHIN;
    const after = holds(newest.rule, seen.samples, was, live ? Math.max(now, newest.on) : newest.on) ?? was;
    return { holds: after, waits: live && after === was };
  }

  /** @returns whether a delay is running */
  #evaluateOne(asset: Asset, condition: Condition, events: readonly LifeEvent[]): boolean {
    const alarm = this.#parts.plant.alarms.openOf(asset.id, condition);
    const newest = this.#observe(asset, condition, { limit: 1 });
    if (newest === null) {
      this.#valueGone(asset, condition, alarm, events);
      return false;
    }
    const now = this.#judge(asset, newest, alarm?.active ?? false);
    const { priority, message, model, on } = newest;
    if (alarm !== undefined) {
      const told = now.holds ? { value: newest.samples[0]?.value ?? alarm.value, message, model, raisedOn: alarm.active ? alarm.raisedOn : on } : {};
      this.#apply(alarm, { kind: 'condition', holds: now.holds, priority }, told);
    } else if (now.holds && !this.#isToldAlready(asset, condition) && !isOver(livesOf(events, -Infinity, on, asset.axis))) this.#open(asset, newest);
    return now.waits;
  }

  /** That a failure is near says more than that it is likely: the second alarm would tell nothing new. */
  #isToldAlready(asset: Asset, condition: Condition): boolean {
    return condition === 'failure-likely' && this.#parts.plant.alarms.openOf(asset.id, 'failure-near')?.active === true;
  }
}

export const createAlarms = (parts: AlarmParts): Alarms => new Alarms(parts);
