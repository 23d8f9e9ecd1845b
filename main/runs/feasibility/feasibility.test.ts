import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Feasibility } from '../../contract/feasibility.ts';
import { systemClock } from '../../engine/clock.ts';
import { Assessor } from '../../quality/assessor.ts';
import { CopyFinder } from '../../quality/copies/copies.ts';
import { createQuality } from '../../quality/quality.ts';
import { Random } from '../../simulator/random.ts';
import { openPlant, type Plant } from '../../store/plant.ts';
import { fillDemo, fillFleet } from '../../testdata/plants.ts';
import { machineTypeFor } from '../labels.ts';
import { analyse, feasibilityOf } from './feasibility.ts';

let folder = '';
let plant: Plant;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'feasibility-'));
  plant = openPlant(folder, { clock: systemClock });
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

const look = async (): Promise<Feasibility> => {
  const quality = createQuality(plant, new Assessor(plant), new CopyFinder(plant));
  const [found] = await analyse(plant, { depth: 'readings', machineType: null }, quality.ofSensors);
  return Feasibility.parse(found);
};
const criterion = ({ tasks }: Feasibility, task: string, code: string) => tasks.find((one) => one.task === task)?.criteria.find((one) => one.code === code);

describe('can this machine be predicted?', () => {
  it('yes: enough failures, and a sensor that moves before them', async () => {
    fillFleet(plant, 14);
    const found = await look();
    expect(found.proposal).toMatchObject({ task: 'rul' });
    expect(found.movement).toMatchObject({ lives: 14 });
    expect(['temperature', 'pressure']).toContain(found.movement?.sensor);
    expect(found.movement?.p).toBeLessThan(0.01);
    expect(found.movement?.showsFor?.unit).toBe('cycles');
    expect(found.sensors.map(({ name, movement }) => [name, Math.sign(Math.round(2 * (movement ?? 0))) + 0])).toEqual([['temperature', 1], ['pressure', -1], ['noise', 0]]);
    expect(criterion(found, 'rul', 'failures')).toMatchObject({ verdict: 'met', found: 14, needed: 12, least: 5 });
    expect(criterion(found, 'rul', 'history')).toMatchObject({ verdict: 'met', unit: 'lives', details: { livesWithLeast: 14 } });
    expect(found.tasks.find(({ task }) => task === 'failure')?.horizons.map(({ horizon, code }) => `${horizon.value}: ${code}`)).toEqual(['10: possible', '30: possible', '100: too-long']);
    expect(found.perMachine).toHaveLength(14);
    expect(found.perMachine[0]).toMatchObject({ name: 'unit-1', failures: 1, sensors: 3, code: 'ok' });
  });

  it('not yet: three failures of one mode, twelve needed', async () => {
    fillFleet(plant, 3);
    const found = await look();
    expect(found.modes).toEqual([{ mode: 'BRD', failures: 3, usable: 3, needed: 12 }]);
    expect(found.proposal.message).toContain("3 failures of 'BRD', 12 needed");
    expect(found.tasks.find(({ task }) => task === 'rul')).toMatchObject({ possible: false, verdict: 'impossible' });
    expect(found.tasks.find(({ task }) => task === 'failure')?.horizons.every(({ code }) => code === 'too-few-failures')).toBe(true);
    expect(() => machineTypeFor(plant, 'rul', null)).toThrow(/3 failures of machines of type 'turbine' known, 5 needed/);
  });

  it('it can be tried: six failures, before which nothing moves', async () => {
    const random = Random.seeded(11);
    for (let unit = 0; unit < 6; unit++) {
      const { id: asset } = plant.assets.ensure({ path: ['Fleet', `unit-${unit}`], machineType: 'turbine', axis: 'cycle' });
      const positions = Float64Array.from({ length: 120 }, (_, cycle) => cycle + 1);
      plant.transaction(() => {
        const { id: sensor } = plant.sensors.ensure({ asset, name: 'noise', unit: null, unitAsWritten: null, quantity: null, kind: 'number' });
        const { id: still } = plant.sensors.ensure({ asset, name: 'still', unit: null, unitAsWritten: null, quantity: null, kind: 'number' });
        plant.series.append({ asset, positions, columns: [{ sensor, values: positions.map(() => random.normal()) }, { sensor: still, values: positions.map(() => 7) }] });
        plant.events.add([{ asset, kind: 'failure', mode: 'BRD', start: 121, end: null, knownAt: 121, comment: null }]);
      });
    }
    const found = await look();
    expect(criterion(found, 'rul', 'sensors')).toMatchObject({ found: 1 });
    expect(found.sensorsLeftOut).toEqual([{ name: 'still', reason: 'constant' }]);
    expect(criterion(found, 'rul', 'movement')).toMatchObject({ verdict: 'doubtful', unit: 'p' });
    expect(found.tasks.find(({ task }) => task === 'rul')).toMatchObject({ possible: true, verdict: 'preliminary' });
  });

  it('takes no sensor that was read once for one that is read all the time', async () => {
    const [first] = fillFleet(plant, 6);
    if (first === undefined) throw new Error('no fleet');
    plant.transaction(() => {
      const { id: sensor } = plant.sensors.ensure({ asset: first.asset, name: 'nameplate', unit: null, unitAsWritten: null, quantity: null, kind: 'number' });
      plant.series.append({ asset: first.asset, positions: Float64Array.of(1), columns: [{ sensor, values: Float64Array.of(5) }] });
    });
    const found = await look();
    expect(found.perMachine.map(({ interval }) => interval)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(criterion(found, 'anomaly', 'healthy-running')?.found).toBeLessThan(1000);
    expect(found.movement?.readings).toBeLessThan(200);
  });

  it('asks for sensor logs where failures are recorded and nothing was read', async () => {
    const { id: asset } = plant.assets.ensure({ path: ['Works', 'mill'], machineType: 'mill', axis: 'time' });
    plant.events.add([{ asset, kind: 'failure', mode: 'VIB', start: 1e15, end: null, knownAt: 1e15, comment: null }]);
    const found = await look();
    expect(found.proposal).toMatchObject({ task: null, verdict: 'impossible', message: expect.stringMatching(/^1 failure of machines of type 'mill' is recorded, none with usable readings before it: import/) });
    expect(found.leftOut).toMatchObject([{ code: 'no-readings' }]);
  });

  it('tells machines of which nothing can be forecast, and why', async () => {
    const units = fillFleet(plant, 6);
    plant.assets.ensure({ path: ['Fleet', 'spare'], machineType: 'turbine', axis: 'cycle' });
    const found = feasibilityOf(plant)[0];
    expect(new Map(found?.perMachine.map(({ name, code }) => [name, code]))).toEqual(new Map([...units.map(({ name }): [string, string] => [name, 'ok']), ['spare', 'no-readings']]));
    await expect(analyse(plant, { depth: 'labels', machineType: 'fan' }, () => Promise.resolve([]))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('weighs what failures cost in time', async () => {
    fillDemo(plant, 40, Date.parse('2026-06-17T10:00:00Z'), ['P-101', 'P-102']);
    const found = await look();
    expect(found.benefit.machineYears).toBeGreaterThan(0.15);
    expect(found.benefit.downtimeHours).toBeGreaterThan(0);
    expect(found.lives.median?.unit).toBe('days');
    expect(found.movement?.readings).toBeGreaterThan(10);
  });
});
