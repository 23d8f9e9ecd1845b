import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventKind, PlantEvent } from '../contract/data.ts';
import type { LabelFinding } from '../contract/labels.ts';
import { microsOf, type AssetId } from '../contract/values.ts';
import { settableClock } from '../engine/clock.ts';
import { Random } from '../simulator/random.ts';
import { openPlant, type Plant } from '../store/plant.ts';
import { fillDemo } from '../testdata/plants.ts';
import { createLabels, type Labels } from './labels.ts';
import { nearestMode, shippedModes } from './modes.ts';

const hour = 3600e6;
const day = 24 * hour;
const start = Date.parse('2026-03-01T00:00:00Z') * 1000;
const clock = settableClock(microsOf(start / 1000));
let folder = '';
let plant: Plant;
let labels: Labels;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'labels-'));
  plant = openPlant(folder, { clock });
  labels = createLabels(plant);
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A machine of two sensors that wears out over each of its lives and stands still for hours after it; readings every ten minutes. */
const fillMachine = (name: string, lives: readonly number[], wears = true): { asset: AssetId; failures: number[] } => {
  const random = Random.seeded(lives.length);
  const { id: asset } = plant.assets.ensure({ path: ['Works', name], machineType: 'pump', axis: 'time' });
  const at: number[] = [];
  const [vibration, pressure]: [number[], number[]] = [[], []];
  const failures: number[] = [];
  let now = start;
  for (const life of lives) {
    const end = now + life * day;
    for (const born = now; now < end; now += hour / 6) {
      const wear = wears ? ((now - born) / (life * day)) ** 4 : 0;
      at.push(now);
      vibration.push(2 + 5 * wear + 0.2 * random.normal());
      pressure.push(6 - wear + 0.1 * random.normal());
    }
    failures.push(end);
    now = end + (wears ? 9 * hour : hour / 6);
  }
  plant.transaction(() => plant.series.append({ asset, positions: Float64Array.from(at), columns: [['vibration', vibration], ['pressure', pressure]].map(([sensor, values]) => ({ sensor: plant.sensors.ensure({ asset, name: String(sensor), unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id, values: Float64Array.from(Array.isArray(values) ? values : []) })) }));
  return { asset, failures };
};

const tell = (asset: AssetId, kind: EventKind, mode: string, at: number, end: number | null = null, knownAt = at): PlantEvent => {
  const [event] = plant.events.add([{ asset, kind, mode, start: at, end, knownAt, comment: null }]);
  if (event === undefined) throw new Error('not stored');
  return event;
};
const found = async (): Promise<(Pick<LabelFinding, 'code' | 'event' | 'severity'>)[]> => (await labels.check(null)).map(({ code, event, severity }) => ({ code, event, severity }));

describe('labels that are as they should be', () => {
  it('have no findings', async () => {
    const { asset, failures } = fillMachine('P-1', [20, 14, 25]);
    for (const failure of failures) {
      tell(asset, 'failure', 'VIB', failure);
      tell(asset, 'maintenance', 'bearing replaced', failure + hour, failure + 8 * hour);
    }
    // Work that changes nothing is no contradiction, nor is a plan that is known before it is carried out.
    tell(asset, 'maintenance', 'oil', start + 5 * day, start + 5 * day + hour, start);
    expect(await found()).toEqual([]);
  });

  it('of the demo plant are told nothing but its modes', async () => {
    fillDemo(plant, 60, start / 1000, ['P-101', 'P-102', 'K-101']);
    expect(plant.events.list({ kind: 'failure' }).length).toBeGreaterThan(5);
    expect((await found()).filter(({ severity }) => severity !== 'note')).toEqual([]);
  });
});

describe('planted faults are found', () => {
  it('a failure that no reading knows of', async () => {
    const { asset, failures: [failure = 0] } = fillMachine('P-1', [20, 20]);
    tell(asset, 'failure', 'VIB', failure, failure + 9 * hour);
    const false_ = tell(asset, 'failure', 'BRD', start + 6 * day, start + 6 * day + hour / 2);
    expect(await found()).toEqual([{ code: 'contradicts-readings', event: false_.id, severity: 'warning' }]);
    expect((await labels.check(asset))[0]?.message).toBe('the readings of its 2 sensors go on as before: no stop, and no change before or after it');
  });

  it('failures without readings before them: before the first, and right after another', async () => {
    const { asset, failures: [failure = 0] } = fillMachine('P-1', [20, 20]);
    const early = tell(asset, 'failure', 'BRD', start - 3 * day, start - 2 * day);
    tell(asset, 'failure', 'VIB', failure, failure + 9 * hour);
    const again = tell(asset, 'failure', 'NOI', failure + 10 * hour, failure + 11 * hour);
    expect(await found()).toEqual([{ code: 'no-readings-before', event: early.id, severity: 'error' }, { code: 'no-readings-before', event: again.id, severity: 'error' }]);
    expect((await labels.check(null)).map(({ details }) => details['readings'])).toEqual([0, 7]);
  });

  it('the same failure entered twice, by two people and with another mode; not two with a repair between', async () => {
    const { asset, failures: [failure = 0, second = 0] } = fillMachine('P-1', [20, 20]);
    const first = tell(asset, 'failure', 'VIB', failure);
    const twin = tell(asset, 'failure', 'NOI', failure + 3 * hour);
    tell(asset, 'maintenance', 'bearing', failure + 4 * hour, failure + 8 * hour);
    tell(asset, 'failure', 'VIB', second, second + hour);
    const doubles = (await labels.check(null)).filter(({ code }) => code === 'double-entry');
    expect(doubles).toMatchObject([{ event: twin.id, other: first.id, severity: 'warning', details: { distance: 3 * hour, otherMode: 'VIB' } }]);
    expect(doubles[0]?.message).toMatch(/3 hours away with no repair between/);
  });

  it('what overlaps, what was known too early, and what lies behind the readings', async () => {
    const { asset, failures: [failure = 0] } = fillMachine('P-1', [20]);
    const last = failure - hour / 6;
    tell(asset, 'failure', 'VIB', failure - hour, null, failure);
    tell(asset, 'mode', 'idle', start + day, start + 3 * day);
    const full = tell(asset, 'mode', 'full load', start + 2 * day, start + 4 * day);
    const early = tell(asset, 'failure', 'BRD', start + 15 * day, start + 15 * day + 2 * hour, start + 14 * day);
    const late = tell(asset, 'failure', 'STU', last + 5 * day);
    expect((await found()).filter(({ code }) => code !== 'contradicts-readings' && code !== 'no-readings-before')).toEqual([
      { code: 'known-before-start', event: early.id, severity: 'error' },
      { code: 'overlap', event: full.id, severity: 'warning' },
      { code: 'after-last-reading', event: late.id, severity: 'warning' },
    ]);
  });

  it('a failure after which the machine just goes on, and a mode that nobody knows, are noted', async () => {
    const { asset, failures: [failure = 0] } = fillMachine('P-1', [20, 10]);
    const open = tell(asset, 'failure', 'vibrations', failure);
    expect(await found()).toEqual([{ code: 'no-return-to-service', event: open.id, severity: 'note' }, { code: 'unknown-mode', event: open.id, severity: 'note' }]);
    expect((await labels.check(null)).at(-1)?.details).toEqual({ events: 1, suggestion: 'VIB', suggestionEn: 'Vibration', suggestionZh: '振动过大' });
  });
});

describe('modes', () => {
  it.each([['overheat', 'OHE'], ['VIB', 'VIB'], ['vib', 'VIB'], ['Leak external process medium', 'ELP'], ['stuck', 'STU'], ['堵塞', 'PLU'], ['泵过热', 'OHE'], ['xyzzy', undefined]])('%s is nearest to %s', (word, code) => {
    expect(nearestMode(word, shippedModes)?.mode.code).toBe(code);
  });

  it('are a list with codes that are there once; those in use by failures are not dropped', () => {
    expect(new Set(shippedModes.map(({ code }) => code)).size).toBe(shippedModes.length);
    const { asset } = fillMachine('P-1', [3]);
    tell(asset, 'failure', 'VIB', start + day);
    const own = { code: 'SEAL-1', en: 'Seal lip worn', zh: '密封唇磨损', origin: 'plant' as const, isInUse: true };
    expect(labels.changeModes([...labels.modes(), own]).at(-1)).toEqual(own);
    expect(() => labels.changeModes([own])).toThrow(/VIB.*can't be dropped/);
    const [vib] = labels.modes().filter(({ code }) => code === 'VIB');
    expect(labels.changeModes([own, ...(vib === undefined ? [] : [{ ...vib, isInUse: false }])])).toHaveLength(2);
    expect(nearestMode('vibration', labels.modes())).toBeNull();
    expect(() => labels.changeModes([own, own])).toThrow(/twice/);
    expect(() => labels.changeModes([])).toThrow(/empty/);
  });
});

describe('events', () => {
  it('that were changed or removed do not come back with the file that told them; by hand they do', () => {
    const { asset } = fillMachine('P-1', [3]);
    const [wrong, right] = [1, 2].map((days) => ({ asset, kind: 'failure' as const, mode: 'VIB', start: start + days * day, end: null, knownAt: start + days * day, comment: null }));
    if (wrong === undefined || right === undefined) throw new Error('no events');
    const [first, second] = plant.events.addFromFile([wrong, right]);
    if (first === undefined || second === undefined) throw new Error('not stored');
    labels.removeEvent(first.id, 'a test run', 'anna');
    labels.changeEvent(second.id, { kind: 'failure', mode: 'NOI', start: second.start + hour, end: second.start + 2 * hour, comment: null }, 'anna');
    const after = plant.events.list();
    expect(plant.events.addFromFile([wrong, right, { ...right, mode: 'NOI', start: right.start + hour, end: right.start + 9 * hour }])).toEqual([]);
    expect(plant.events.list()).toEqual(after);
    expect(plant.events.add([wrong])).toMatchObject([{ mode: 'VIB' }]);
    expect(plant.events.list()).toHaveLength(2);
  });

  it('are changed and removed, and the trail keeps what they were and who did it', () => {
    const { asset } = fillMachine('P-1', [3]);
    const event = tell(asset, 'failure', 'VIB', start + day);
    const other = tell(asset, 'failure', 'NOI', start + day);
    const change = { kind: 'failure' as const, mode: 'BRD', start: start + 2 * day, end: null, comment: 'shaft' };
    expect(labels.changeEvent(event.id, change, 'anna')).toMatchObject({ ...change, id: event.id, knownAt: event.knownAt });
    expect(() => labels.changeEvent(event.id, { ...change, mode: 'NOI', start: start + day }, 'anna')).toThrow(expect.objectContaining({ code: 'state-conflict' }));
    expect(() => labels.changeEvent(event.id, { ...change, end: start }, 'anna')).toThrow(/before its start/);
    expect(labels.removeEvent(other.id, 'entered twice', 'ben')).toEqual(other);
    expect(plant.events.list()).toHaveLength(1);
    expect(() => labels.removeEvent(other.id, 'again', 'ben')).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(plant.audit.list().map(({ actor, act, details }) => ({ actor, act, details }))).toMatchObject([
      { actor: 'ben', act: 'event-removed', details: { before: { mode: 'NOI' }, reason: 'entered twice' } },
      { actor: 'anna', act: 'event-changed', details: { before: { mode: 'VIB' }, after: { mode: 'BRD' } } },
    ]);
  });
});
