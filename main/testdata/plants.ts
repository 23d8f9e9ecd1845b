import type { AssetId } from '../contract/values.ts';
import { simulateHistory } from '../simulator/history.ts';
import { kinds } from '../simulator/kinds.ts';
import { plan } from '../simulator/plan.ts';
import { Random } from '../simulator/random.ts';
import type { Plant } from '../store/plant.ts';

const day = 24 * 3_600_000;

/** Plants for the tests of several parts: filled as ingest would fill them, in a second instead of a minute. */
export interface FilledMachine {
  readonly asset: AssetId;
  readonly name: string;
}

/** The demo plant's history of `days` that ends at `to` (milliseconds since 1970), with its events; sealed. */
export const fillDemo = (plant: Plant, days: number, to: number, names: readonly string[] = plan.map((machine) => machine.name), seed = 7): FilledMachine[] => {
  const machines = plan.filter((machine) => names.includes(machine.name)).map((machine, i) => {
    const history = simulateHistory(machine, seed + i * 7919, to - days * day, to);
    const kind = kinds[machine.type];
    const { id: asset } = plant.assets.ensure({ path: ['Demo plant', machine.area, machine.line, machine.name], machineType: machine.type, axis: 'time' });
    plant.transaction(() => {
      const columns = kind.sensors.map(({ name, unit, decimals }, s) => ({
        sensor: plant.sensors.ensure({ asset, name, unit, unitAsWritten: unit, quantity: null, kind: 'number' }).id,
        values: Float64Array.from(history.rows, ({ readings }) => Number((readings[s] ?? Number.NaN).toFixed(decimals))),
      }));
      plant.series.append({ asset, positions: Float64Array.from(history.rows, ({ at }) => at * 1000), columns });
      plant.events.add(history.events.map(({ kind: what, mode, start, end, knownAt, comment }) => ({
        asset, kind: what, mode, start: start * 1000, end: end === null ? null : end * 1000, knownAt: knownAt * 1000, comment,
      })));
    });
    return { asset, name: machine.name };
  });
  plant.transaction(() => plant.series.seal(undefined, true));
  return machines;
};

/** Run-to-failure tests on a cycle axis: two sensors that wear moves, one that it does not; the last `cut` units end `cutBefore` cycles before they fail. */
export const fillFleet = (plant: Plant, units: number, cut = 0, cutBefore = 30, seed = 3): FilledMachine[] => {
  const random = Random.seeded(seed);
  return Array.from({ length: units }, (_, unit) => {
    const name = `unit-${unit + 1}`;
    const { id: asset } = plant.assets.ensure({ path: ['Fleet', name], machineType: 'turbine', axis: 'cycle' });
    const life = Math.round(random.between(90, 160));
    const rows = unit >= units - cut ? life - cutBefore : life;
    const wear = Array.from({ length: rows }, (_, cycle) => ((cycle + 1) / life) ** 3);
    const columns = [wear.map((w) => 600 + 40 * w + 2 * random.normal()), wear.map((w) => 50 - 5 * w + 0.3 * random.normal()), wear.map(() => 10 + random.normal())];
    plant.transaction(() => {
      plant.series.append({
        asset,
        positions: Float64Array.from(wear, (_, cycle) => cycle + 1),
        columns: ['temperature', 'pressure', 'noise'].map((sensor, i) => ({
          sensor: plant.sensors.ensure({ asset, name: sensor, unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id,
          values: Float64Array.from(columns[i] ?? []),
        })),
      });
      plant.events.add([{ asset, kind: 'failure', mode: 'BRD', start: life, end: null, knownAt: life, comment: null }]);
    });
    return { asset, name };
  });
};
