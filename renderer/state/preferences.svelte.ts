import { MediaQuery } from 'svelte/reactivity';
import type { Settings } from '../../main/contract/system.ts';
import type { Connection } from '../engine/connection.ts';
import { createShow, type Show } from '../format/show.ts';
import { translator, type Arguments, type Key, type Language } from '../messages/translate.ts';
import { Query } from './stream/query.svelte.ts';

const zoneHere = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** An engine that opens the plant ends its ports within this time. */
const OLD_PORT_MS = 500;

/** The plant's settings, and what follows from them: language, theme, zone. */
export class Preferences {
  readonly settings: Query<Settings>;
  readonly #connection: Connection;
  readonly #dark = new MediaQuery('prefers-color-scheme: dark');

  constructor(connection: Connection) {
    this.#connection = connection;
    this.settings = new Query(connection, (client, signal) => client.system.settings({}, { signal }));
  }

  readonly language: Language = $derived.by(() => {
    const chosen = this.settings.value?.language ?? 'system';
    if (chosen !== 'system') return chosen;
    return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
  });

  readonly theme: 'light' | 'dark' = $derived.by(() => {
    const chosen = this.settings.value?.theme ?? 'system';
    if (chosen !== 'system') return chosen;
    return this.#dark.current ? 'dark' : 'light';
  });

  readonly zone: string = $derived.by(() => this.settings.value?.zone ?? zoneHere());
  readonly show: Show = $derived(createShow(this.language, this.zone));
  readonly #translate = $derived(translator(this.language));

  readonly t = (key: Key, args?: Arguments): string => this.#translate(key, args);

  /** The plant was opened: what was said while it wasn't were no settings of its own. They are asked for once the old port is gone, which would answer as before. */
  forget(): void {
    this.settings.value = undefined;
    setTimeout(() => void this.settings.refresh(), OLD_PORT_MS);
  }

  /** Changes settings; they are shown once the engine has stored them. */
  async change(part: Partial<Settings>): Promise<void> {
    this.settings.value = await this.#connection.ask((client, signal) => client.system.changeSettings(part, { signal }));
  }
}
