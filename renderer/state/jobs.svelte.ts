import type { Job } from '../../main/contract/jobs.ts';
import type { Connection } from '../engine/connection.ts';
import type { Id } from './stream/reduce.ts';
import { Resource } from './stream/resource.svelte.ts';

const isRunning = (job: Job): boolean => job.state === 'queued' || job.state === 'running';

/** Long work of every kind. */
export class Jobs extends Resource<Job> {
  readonly #ended: (job: Job) => void;

  /** `ended` hears of each job that was under way and is so no more. */
  constructor(connection: Connection, ended: (job: Job) => void) {
    super(connection, (client, signal) => client.jobs.watch({}, { signal }), (job) => job.id);
    this.#ended = ended;
  }

  protected override changed(before: ReadonlyMap<Id, Job>, after: ReadonlyMap<Id, Job>): void {
    for (const [id, job] of after) {
      const was = before.get(id);
      if (was !== undefined && isRunning(was) && !isRunning(job)) this.#ended(job);
    }
  }

  /** Those under way, the oldest first. */
  readonly running: readonly Job[] = $derived(this.items.filter(isRunning).toSorted((a, b) => a.createdAt - b.createdAt));

  /** The job that fills the demo plant, while it does. */
  readonly demo: Job | undefined = $derived(this.running.find((job) => job.kind === 'demo'));
}
