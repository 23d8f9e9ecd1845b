import { FAILURES_NEEDED } from '../../ml/dataset/lives.ts';
import type { Plant } from '../store/plant.ts';

/** Why no model speaks for a machine type: what there is to learn from. Training says how much it needs. */
export const noModelFor = (plant: Pick<Plant, 'assets' | 'events'>, machineType: string): string => {
  const machines = new Set(plant.assets.machines().filter((asset) => asset.machineType === machineType).map((asset) => asset.id));
  const failures = plant.events.list({ kind: 'failure' }).filter((event) => machines.has(event.asset)).length;
  const known = failures === 0 ? 'no failure is known' : failures === 1 ? '1 failure is known' : `${failures} failures are known`;
  return `no model is trained for machines of type '${machineType}': ${known}, ${FAILURES_NEEDED} needed to train one`;
};
