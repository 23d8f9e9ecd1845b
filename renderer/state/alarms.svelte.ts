import type { Alarm } from '../../main/contract/alarms.ts';
import type { Connection } from '../engine/connection.ts';
import { inOrderOfUrgency } from './urgency.ts';
import { Resource } from './stream/resource.svelte.ts';

/** The alarms that are not closed. Commands change nothing here: the engine's own message does. */
export class Alarms extends Resource<Alarm> {
  constructor(connection: Connection) {
    super(connection, (client, signal) => client.alarms.watch({}, { signal }), (alarm) => alarm.id);
  }

  readonly #open: readonly Alarm[] = $derived(this.items.filter((alarm) => alarm.closedAt === null && alarm.state !== 'normal'));

  /** Annunciated or acknowledged, the most urgent first. */
  readonly open: readonly Alarm[] = $derived(inOrderOfUrgency(this.#open.filter((alarm) => !isSuppressed(alarm))));
  readonly shelved: readonly Alarm[] = $derived(inOrderOfUrgency(this.#open.filter(isSuppressed)));
  readonly unacknowledged: number = $derived(this.open.filter((alarm) => alarm.unacknowledged).length);
}

const isSuppressed = (alarm: Alarm): boolean => alarm.state === 'shelved' || alarm.state === 'suppressed-by-design' || alarm.state === 'out-of-service';
