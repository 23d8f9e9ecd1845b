import type { ProcessStatus } from '../../main/contract/system.ts';
import type { Connection } from '../engine/connection.ts';
import type { Id } from './stream/reduce.ts';
import { Resource } from './stream/resource.svelte.ts';

/** The app's processes as their watcher sees them. */
export class Processes extends Resource<ProcessStatus> {
  readonly #restarted: (process: ProcessStatus) => void;

  /** `restarted` hears of each process that ended by itself and was started again, however quick that was. */
  constructor(connection: Connection, restarted: (process: ProcessStatus) => void) {
    super(connection, (client, signal) => client.system.processes({}, { signal }), (process) => process.name);
    this.#restarted = restarted;
  }

  protected override changed(before: ReadonlyMap<Id, ProcessStatus>, after: ReadonlyMap<Id, ProcessStatus>): void {
    for (const [name, process] of after) {
      const was = before.get(name);
      if (was !== undefined && process.restarts > was.restarts) this.#restarted(process);
    }
  }

  /** Those that are being started again just now. */
  readonly down: readonly ProcessStatus[] = $derived(this.items.filter((process) => process.state === 'restarting'));
}
