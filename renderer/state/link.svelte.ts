import type { Connection, Link } from '../engine/connection.ts';

/** How things stand between window and engine, for the banner and the status bar. */
export class LinkState {
  #link = $state.raw<Link>({ state: 'connecting' });

  /**
   * `back` hears when another engine answers after one was lost; the same one cuts the link by itself when it opens the plant anew.
   * `again` hears of every link after the first.
   */
  constructor(connection: Connection, back: () => void, again: () => void) {
    let startedAt = 0;
    connection.onLink((link) => {
      if (link.state === 'open') {
        if (this.#link.state === 'lost' && link.hello.startedAt !== startedAt) back();
        if (startedAt !== 0) again();
        startedAt = link.hello.startedAt;
      }
      this.#link = link;
    });
  }

  get link(): Link {
    return this.#link;
  }
}
