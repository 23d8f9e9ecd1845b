import type { Connection, Link } from '../engine/connection.ts';

/** How things stand between window and engine, for the banner and the status bar. */
export class LinkState {
  #link = $state.raw<Link>({ state: 'connecting' });

  /** `back` hears when the engine answers again after it was lost. */
  constructor(connection: Connection, back: () => void) {
    connection.onLink((link) => {
      if (link.state === 'open' && this.#link.state === 'lost') back();
      this.#link = link;
    });
  }

  get link(): Link {
    return this.#link;
  }
}
