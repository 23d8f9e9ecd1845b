import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { alarmStateOf, type AlarmPriority, type AlarmState } from '../contract/alarms.ts';
import { microsOf, type Micros } from '../contract/values.ts';
import { normalMemory, transition, type AlarmEvent, type AlarmMemory } from './transition.ts';

const second = 1e6;
const reAlarmAfter = 60 * second;

/**
 * The table of ISA-18.2 written down state by state, without the two memories: what the machine must do, told by other means than it does it.
 * `hidden` is the condition while shelved.
 */
interface Model {
  state: AlarmState;
  conditionTrue: boolean;
  priority: AlarmPriority;
  shelvedUntil: number;
  acknowledgedAt: number;
  raised: number;
}

interface Real {
  memory: AlarmMemory;
  at: Micros;
}

const order: AlarmPriority[] = ['low', 'medium', 'high'];
const stateOf = ({ active, unacknowledged, suppression }: AlarmMemory): AlarmState => alarmStateOf(active, unacknowledged, suppression);
const send = (real: Real, event: AlarmEvent): boolean => {
  const step = transition(real.memory, event, real.at);
  if (step === null) return false;
  expect(step.from).toBe(stateOf(real.memory));
  expect(step.to).toBe(stateOf(step.memory));
  real.memory = step.memory;
  return true;
};
const agree = (model: Model, real: Real): void => {
  expect(stateOf(real.memory)).toBe(model.state);
  expect(real.memory.active).toBe(model.conditionTrue);
  expect(real.memory.count).toBe(model.raised);
};
type AlarmCommand = fc.Command<Model, Real>;

const condition = (holds: boolean, priority: AlarmPriority): AlarmCommand => ({
  check: () => true,
  toString: () => `condition ${holds} ${priority}`,
  run: (model, real) => {
    send(real, { kind: 'condition', holds, priority });
    const rises = holds && !model.conditionTrue;
    const higher = holds && model.conditionTrue && order.indexOf(priority) > order.indexOf(model.priority);
    if (rises || higher) model.priority = priority;
    if (rises) model.raised += 1;
    model.conditionTrue = holds;
    if (model.state !== 'shelved') {
      if (rises || higher) model.state = 'unacknowledged';
      else if (!holds && model.state === 'unacknowledged') model.state = 'returned';
      else if (!holds && model.state === 'acknowledged') model.state = 'normal';
    }
    agree(model, real);
  },
});

const acknowledge: AlarmCommand = {
  check: () => true,
  toString: () => 'acknowledge',
  run: (model, real) => {
    const taken = send(real, { kind: 'acknowledge' });
    expect(taken).toBe(model.state === 'unacknowledged' || model.state === 'returned');
    if (model.state === 'unacknowledged') {
      model.state = 'acknowledged';
      model.acknowledgedAt = real.at;
    } else if (model.state === 'returned') model.state = 'normal';
    agree(model, real);
  },
};

const shelve = (seconds: number): AlarmCommand => ({
  check: () => true,
  toString: () => `shelve ${seconds}s`,
  run: (model, real) => {
    const until = microsOf((real.at + seconds * second) / 1000);
    const taken = send(real, { kind: 'shelve', until });
    expect(taken).toBe(model.state !== 'normal' && model.state !== 'shelved');
    if (taken) {
      model.state = 'shelved';
      model.shelvedUntil = until;
    }
    agree(model, real);
  },
});

const unshelve: AlarmCommand = {
  check: () => true,
  toString: () => 'unshelve',
  run: (model, real) => {
    expect(send(real, { kind: 'unshelve' })).toBe(model.state === 'shelved');
    if (model.state === 'shelved') model.state = model.conditionTrue ? 'unacknowledged' : 'normal';
    agree(model, real);
  },
};

const wait = (seconds: number): AlarmCommand => ({
  check: () => true,
  toString: () => `wait ${seconds}s`,
  run: (model, real) => {
    real.at = microsOf((real.at + seconds * second) / 1000);
    send(real, { kind: 'time', reAlarmAfter });
    if (model.state === 'shelved' && real.at >= model.shelvedUntil) model.state = model.conditionTrue ? 'unacknowledged' : 'normal';
    else if (model.state === 'acknowledged' && real.at - model.acknowledgedAt >= reAlarmAfter) model.state = 'unacknowledged';
    agree(model, real);
  },
});

const commands = fc.commands(
  [
    fc.tuple(fc.boolean(), fc.constantFrom(...order)).map(([holds, priority]) => condition(holds, priority)),
    fc.constant(acknowledge),
    fc.integer({ min: 1, max: 90 }).map(shelve),
    fc.constant(unshelve),
    fc.integer({ min: 0, max: 120 }).map(wait),
  ],
  { maxCommands: 60 },
);

describe('the alarm machine', () => {
  test.prop([commands], { numRuns: 500 })('follows the table of ISA-18.2 whatever happens in whatever order', (sequence) => {
    fc.modelRun(
      (): { model: Model; real: Real } => ({
        model: { state: 'normal', conditionTrue: false, priority: 'low', shelvedUntil: 0, acknowledgedAt: 0, raised: 0 },
        real: { memory: normalMemory, at: microsOf(0) },
      }),
      sequence,
    );
  });
});
