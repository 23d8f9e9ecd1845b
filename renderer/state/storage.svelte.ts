import type { StorageState } from '../../main/contract/storage.ts';
import type { Connection } from '../engine/connection.ts';
import type { Id } from './stream/reduce.ts';
import { Resource } from './stream/resource.svelte.ts';

/** How it stands with the disk and the database: one document. */
export class Storage extends Resource<StorageState> {
  readonly #opened: () => void;

  /** `opened` hears when the plant is open that was not: all that was asked before was answered without it. */
  constructor(connection: Connection, opened: () => void) {
    super(connection, (client, signal) => client.storage.watch({}, { signal }), (state) => state.id);
    this.#opened = opened;
  }

  protected override changed(before: ReadonlyMap<Id, StorageState>, after: ReadonlyMap<Id, StorageState>): void {
    if (before.get('storage')?.isOpen === false && after.get('storage')?.isOpen === true) this.#opened();
  }

  readonly state: StorageState | undefined = $derived(this.items[0]);
}
