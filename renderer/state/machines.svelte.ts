import type { Machine } from '../../main/contract/plant.ts';
import type { Connection } from '../engine/connection.ts';
import { Resource } from './resource.svelte.ts';

const namesOf = (names: readonly string[]): readonly string[] => [...new Set(names)].filter((name) => name !== '').toSorted((a, b) => a.localeCompare(b));

/** Every machine of the plant with its newest health and forecast. */
export class Machines extends Resource<Machine> {
  constructor(connection: Connection) {
    super(connection, (client, signal) => client.plant.watch({}, { signal }), (machine) => machine.id);
  }

  /** 'site / area' of all machines, for the filter. */
  readonly areas: readonly string[] = $derived(namesOf(this.items.map((machine) => machine.path.join(' / '))));
  readonly types: readonly string[] = $derived(namesOf(this.items.map((machine) => machine.machineType)));
}
