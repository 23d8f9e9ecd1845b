// A plant with one machine of many long series, written by the store itself.
import { systemClock } from '../../../main/engine/clock.ts';
import { openPlant } from '../../../main/store/plant.ts';

const BATCH = 250_000;
const STEP_US = 1_000_000;

/** Walks with noise, two decimals: what a plant's log looks like. Park and Miller's generator, the same readings each time. */
class Walk {
  #state: number;
  #level: number;
  constructor(seed: number) {
    this.#state = 20_251_124 + seed * 7919;
    this.#level = 20 + seed;
  }

  #random(): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return this.#state / 2_147_483_647 - 0.5;
  }

  next(): number {
    this.#level += this.#random() * 0.4;
    return Math.round((this.#level + this.#random() * 0.3) * 100) / 100;
  }
}

export interface LongPlant {
  readonly asset: number;
  readonly sensors: readonly number[];
  readonly readings: number;
}

/** Writes `readings` readings, one a second up to now, for each of `sensors` sensors. */
export const makeLongPlant = (folder: string, sensors: number, readings: number): LongPlant => {
  const plant = openPlant(folder, { clock: systemClock });
  const asset = plant.assets.ensure({ path: ['Bench', 'M-1'], machineType: 'pump', axis: 'time' }).id;
  const ids = Array.from({ length: sensors }, (_, index) => plant.sensors.ensure({ asset, name: `s${String(index)}`, unit: 'bar', unitAsWritten: null, quantity: null, kind: 'number' }).id);
  const walks = ids.map((_, index) => new Walk(index));
  const start = Math.floor(Date.now() / 1000) * 1_000_000 - readings * STEP_US;
  for (let at = 0; at < readings; at += BATCH) {
    const count = Math.min(BATCH, readings - at);
    const positions = Float64Array.from({ length: count }, (_, row) => start + (at + row) * STEP_US);
    const columns = ids.map((sensor, index) => ({ sensor, values: Float64Array.from({ length: count }, () => walks[index]?.next() ?? 0) }));
    plant.transaction(() => plant.series.append({ asset, positions, columns }));
  }
  plant.settings.change({ mode: 'own', plantName: 'Bench', language: 'en' });
  plant.close();
  return { asset, sensors: ids, readings };
};
