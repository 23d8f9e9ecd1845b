import { describe, expect, it } from 'vitest';
import type { HealthState, Machine } from '../../../main/contract/plant.ts';
import { AssetId, ModelId, microsOf } from '../../../main/contract/values.ts';
import { plantRoute } from '../../state/route.ts';
import { arranged, found } from './order.ts';

const machine = (id: number, name: string, state: HealthState, index: number | null, hours: number | null): Machine => {
  const asset = AssetId.parse(id);
  return {
    id: asset,
    name,
    path: ['Works', id % 2 === 0 ? 'Water' : 'Air'],
    machineType: id % 2 === 0 ? 'pump' : 'fan',
    axis: 'time',
    health: { asset, at: 0, index, state, drivers: [], reason: null },
    forecast: { id, asset, model: ModelId.parse('m'), madeAt: microsOf(0), asOf: 0, rul: hours === null ? null : { median: hours, low: hours, high: hours, unit: 'hours' }, failureAt: null, failureProbability: [], fault: null, anomaly: null, drivers: [], noForecast: null },
    lastReading: { at: 0, receivedAt: microsOf(id) },
    freshness: 'fresh',
    sensors: 1,
    alarms: { active: 0, unacknowledged: 0 },
  };
};
const machines = [machine(1, 'P-10', 'normal', 90, 400), machine(2, 'P-2', 'normal', 90, 300), machine(3, 'K-1', 'critical', 10, 30), machine(4, 'K-2', 'warning', 40, 20), machine(5, 'K-3', 'unknown', null, null)];
const areaOf = (one: Machine): string => one.path.join(' / ');
const names = (list: readonly Machine[]): string[] => list.map((one) => one.name);

describe('the plant’s list', () => {
  it('has the worst first: state, then health, then the sooner failure', () => {
    expect(names(arranged(machines, plantRoute()))).toEqual(['K-1', 'K-2', 'K-3', 'P-2', 'P-10']);
  });

  it('can have the soonest failure first, those without a forecast last', () => {
    expect(names(arranged(machines, plantRoute({ order: 'soonest' })))).toEqual(['K-2', 'K-1', 'P-2', 'P-10', 'K-3']);
  });

  it('orders names as people count, and data by when they came', () => {
    expect(names(arranged(machines, plantRoute({ order: 'name' })))).toEqual(['K-1', 'K-2', 'K-3', 'P-2', 'P-10']);
    expect(names(arranged(machines, plantRoute({ order: 'newest' })))[0]).toBe('K-3');
  });

  it('is searched by every word in name, area and type, and filtered', () => {
    expect(names(found(machines, plantRoute({ search: ' water PUMP ' }), areaOf))).toEqual(['P-2', 'K-2']);
    expect(names(found(machines, plantRoute({ area: 'Works / Air', type: 'fan' }), areaOf))).toEqual(['P-10', 'K-1', 'K-3']);
    expect(names(arranged(machines, plantRoute({ state: 'normal' })))).toEqual(['P-2', 'P-10']);
  });
});
