import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ALERT_TABS, DATA_TABS, HEALTH_FILTERS, PLANT_ORDERS, PRIORITY_FILTERS, QUALITY_ORDERS, SETTINGS_TABS, TRAINING_TABS, USUAL, alertsRoute, dataRoute, hrefOf, machineRoute, plantRoute, routeOf, settingsRoute, trainingRoute, type Range } from './route.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const id = fc.integer({ min: 1, max: 1e9 });
const place = fc.integer({ min: 0, max: 4e15 });
const range: fc.Arbitrary<Range> = fc.oneof(
  fc.constant(USUAL),
  fc.constant<Range>({ kind: 'all' }),
  fc.integer({ min: 1, max: 4e15 }).map((span): Range => ({ kind: 'last', span })),
  fc.tuple(place, fc.integer({ min: 1, max: 1e12 })).map(([from, width]): Range => ({ kind: 'between', from, to: from + width })),
);
const route = fc.oneof(
  fc.record({ search: text, state: fc.constantFrom(...HEALTH_FILTERS), area: text, type: text, order: fc.constantFrom(...PLANT_ORDERS) }).map(plantRoute),
  fc.tuple(id, range, fc.array(id, { maxLength: 5 }), fc.option(id)).map(([asset, shown, sensors, event]) => machineRoute(asset, { range: shown, sensors, event })),
  fc.record({ tab: fc.constantFrom(...ALERT_TABS), alarm: fc.option(id), search: text, priority: fc.constantFrom(...PRIORITY_FILTERS) }).map(alertsRoute),
  fc.record({ tab: fc.constantFrom(...TRAINING_TABS), run: text, left: text, right: text }).map(trainingRoute),
  fc.record({ tab: fc.constantFrom(...DATA_TABS), asset: fc.option(id), sensor: fc.option(id), range, order: fc.constantFrom(...QUALITY_ORDERS) }).map(dataRoute),
  fc.constantFrom(...SETTINGS_TABS).map(settingsRoute),
);

describe('routes', () => {
  test.prop([route])('come back from their address as they were', (given) => {
    expect(routeOf(hrefOf(given))).toEqual(given);
  });

  test.prop([text])('are read from any address without an error', (address) => {
    expect(routeOf(`#/${address}`)).toBeDefined();
  });

  it('fall back to the plant where the address names nothing', () => {
    for (const address of ['', '#', '#/nowhere', '#/machine', '#/machine/abc', '#/machine/-1']) expect(routeOf(address)).toEqual(plantRoute());
  });

  it('drop a range that is none', () => {
    expect(routeOf('#/machine/3?from=9&to=2')).toEqual(machineRoute(3));
    expect(routeOf('#/machine/3?last=-5')).toEqual(machineRoute(3));
  });

  it('leave what is usual out of the address', () => {
    expect(hrefOf(plantRoute())).toBe('#/plant');
    expect(hrefOf(machineRoute(7))).toBe('#/machine/7');
  });
});
