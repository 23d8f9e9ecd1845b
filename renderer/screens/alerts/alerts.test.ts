import { describe, expect, it } from 'vitest';
import type { Alarm, AlarmPriority, AlarmState } from '../../../main/contract/alarms.ts';
import { AlarmId, AssetId, microsOf } from '../../../main/contract/values.ts';
import { inOrderOfUrgency } from '../../state/urgency.ts';
import { matching } from './filter.ts';

const alarm = (id: number, state: AlarmState, priority: AlarmPriority, raised: number, assetName = 'P-1'): Alarm => ({
  id: AlarmId.parse(id),
  asset: AssetId.parse(1),
  assetName,
  condition: 'health-low',
  state,
  active: true,
  unacknowledged: state === 'unacknowledged' || state === 'returned',
  priority,
  value: 30,
  limit: 40,
  unit: '%',
  model: null,
  raisedAt: microsOf(raised),
  raisedOn: 0,
  clearedAt: null,
  acknowledgedAt: null,
  comment: id === 2 ? 'Oil sample taken' : null,
  shelvedUntil: null,
  shelveReason: null,
  count: 1,
  closedAt: null,
  message: '',
});
const alarms = [alarm(1, 'acknowledged', 'high', 9), alarm(2, 'unacknowledged', 'low', 5), alarm(3, 'unacknowledged', 'high', 1), alarm(4, 'returned', 'medium', 7, 'G-7'), alarm(5, 'unacknowledged', 'high', 3)];
const ids = (list: readonly Alarm[]): number[] => list.map((one) => one.id);

describe('open alarms', () => {
  it('stand in the order in which they need an act', () => {
    expect(ids(inOrderOfUrgency(alarms))).toEqual([5, 3, 2, 4, 1]);
  });

  it('are searched by what is seen of them, and filtered by priority', () => {
    expect(ids(matching(alarms, { search: 'oil', priority: '' }, () => ''))).toEqual([2]);
    expect(ids(matching(alarms, { search: 'g-7 returned', priority: '' }, (one) => one.state))).toEqual([4]);
    expect(ids(matching(alarms, { search: '', priority: 'high' }, () => ''))).toEqual([1, 3, 5]);
  });
});
