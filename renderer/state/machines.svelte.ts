import type { Machine } from '../../main/contract/plant.ts';
import type { Connection } from '../engine/connection.ts';
import { sharedLength } from './sharedLength.ts';
import { Resource } from './stream/resource.svelte.ts';

const namesOf = (names: readonly string[]): readonly string[] => [...new Set(names)].filter((name) => name !== '').toSorted((a, b) => a.localeCompare(b));

/** Every machine of the plant with its newest health and forecast. */
export class Machines extends Resource<Machine> {
  constructor(connection: Connection) {
    super(connection, (client, signal) => client.plant.watch({}, { signal }), (machine) => machine.id);
  }

  /** Names from the site down that all machines have in common: they tell nothing apart. */
  readonly #shared: number = $derived(sharedLength(this.items.map((machine) => machine.path)));

  /** Where a machine stands, as far as it tells it apart: 'Utilities / Cooling water'. */
  areaOf(machine: Pick<Machine, 'path'>): string {
    return machine.path.slice(this.#shared).join(' / ');
  }

  readonly areas: readonly string[] = $derived(namesOf(this.items.map((machine) => this.areaOf(machine))));
  readonly types: readonly string[] = $derived(namesOf(this.items.map((machine) => machine.machineType)));
}
