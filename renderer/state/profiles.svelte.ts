import type { Profile } from '../../main/contract/data.ts';
import type { AppError } from '../../main/contract/errors.ts';
import type { Connection } from '../engine/connection.ts';
import { Query } from './stream/query.svelte.ts';
import type { Standing } from './stream/resource.svelte.ts';

/** The stored profiles; asked for anew after each change that is made here. */
export class Profiles {
  readonly #query: Query<Profile[]>;

  constructor(connection: Connection) {
    this.#query = new Query(connection, (client, signal) => client.data.profiles({}, { signal }));
  }

  get status(): Standing {
    return this.#query.status;
  }

  get error(): AppError | null {
    return this.#query.error;
  }

  get list(): readonly Profile[] {
    return this.#query.value ?? [];
  }

  find(name: string): Profile | undefined {
    return this.list.find((profile) => profile.name === name);
  }

  refresh(): Promise<void> {
    return this.#query.refresh();
  }
}
