import type { FailureMode } from '../../main/contract/labels.ts';
import type { Connection } from '../engine/connection.ts';
import type { Language } from '../messages/translate.ts';
import { Query } from './stream/query.svelte.ts';

/** The plant's failure modes, and how an event's mode is said. */
export class Modes {
  readonly list: Query<FailureMode[]>;

  constructor(connection: Connection) {
    this.list = new Query(connection, (client, signal) => client.labels.modes({}, { signal }));
  }

  /** A mode's name with its code, where it is one of the list; else as it was written. */
  words(language: Language, mode: string): string {
    const known = this.list.value?.find((one) => one.code === mode);
    return known === undefined ? mode : `${known[language]} (${known.code})`;
  }
}
