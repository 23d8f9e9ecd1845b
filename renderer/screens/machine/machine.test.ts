import { describe, expect, it } from 'vitest';
import type { Sensor } from '../../../main/contract/plant.ts';
import { AssetId, SensorId } from '../../../main/contract/values.ts';
import { DAY, HOUR, MINUTE } from '../../format/time.ts';
import { isChosen, viewOf } from '../../charts/range.ts';
import { shownSensors } from './sensors.ts';
import { thinned } from '../../charts/thinned.ts';

describe('the range of a machine’s charts', () => {
  const whole = { from: 0, to: 100 * DAY };

  it('is the last 30 days, or all cycles, where nothing is said', () => {
    const view = viewOf({ kind: 'usual' }, 'time', whole);
    expect(view.to - view.from).toBe(30 * DAY);
    expect(view.to).toBeGreaterThanOrEqual(whole.to);
    expect(viewOf({ kind: 'usual' }, 'cycle', { from: 1, to: 192 })).toEqual({ from: 1, to: 192 });
  });

  it('stays for a while when the newest reading moves on, so that charts are not asked for at each', () => {
    const views = new Set([1, 2, 3, 4, 5].map((seconds) => JSON.stringify(viewOf({ kind: 'last', span: DAY }, 'time', { from: 0, to: 100 * DAY + seconds * 1e6 }))));
    expect(views.size).toBeLessThanOrEqual(2);
  });

  it('never cuts the newest reading off', () => {
    for (const minutes of [1, 7, 60, 997, 40_000]) {
      const to = minutes * MINUTE;
      for (const range of [{ kind: 'all' } as const, { kind: 'last', span: HOUR } as const]) expect(viewOf(range, 'time', { from: 0, to }).to).toBeGreaterThanOrEqual(to);
    }
  });

  it('is all there is where the span asked for is longer', () => {
    expect(viewOf({ kind: 'last', span: 30 * DAY }, 'time', { from: 0, to: 2 * DAY }).from).toBe(0);
  });

  it('marks its button', () => {
    expect(isChosen({ kind: 'last', span: 30 * DAY }, { kind: 'usual' }, 'time')).toBe(true);
    expect(isChosen({ kind: 'all' }, { kind: 'usual' }, 'cycle')).toBe(true);
    expect(isChosen({ kind: 'all' }, { kind: 'usual' }, 'time')).toBe(false);
  });
});

describe('the sensors that are drawn', () => {
  const sensor = (id: number, name: string, kind: Sensor['kind'] = 'number'): Sensor => ({ id: SensorId.parse(id), asset: AssetId.parse(1), name, quantity: null, unit: null, unitAsWritten: null, kind, nominalInterval: null, limitLow: null, limitHigh: null });
  const sensors = [sensor(1, 'on', 'state'), sensor(2, 'flow'), sensor(3, 'speed'), sensor(4, 'heat'), sensor(5, 'noise'), sensor(6, 'oil')];
  const health = { asset: AssetId.parse(1), at: 0, index: 50, state: 'watch' as const, drivers: [{ sensor: 'oil', share: 0.3 }, { sensor: 'noise', share: 0.7 }], reason: null };
  const namesOf = (list: readonly Sensor[]): string[] => list.map((one) => one.name);

  it('are those chosen', () => {
    expect(namesOf(shownSensors(sensors, [1, 4], { health, forecast: null }))).toEqual(['on', 'heat']);
  });

  it('are the drivers first where nobody chose, filled up with others', () => {
    expect(namesOf(shownSensors(sensors, [], { health, forecast: null }))).toEqual(['noise', 'oil', 'flow', 'speed']);
  });
});

describe('a thinned list', () => {
  it('keeps its last one', () => {
    const list = Array.from({ length: 1001 }, (_, index) => index);
    expect(thinned(list, 200).length).toBeLessThanOrEqual(200);
    expect(thinned(list, 200).at(-1)).toBe(1000);
    expect(thinned([1, 2], 200)).toEqual([1, 2]);
  });
});
