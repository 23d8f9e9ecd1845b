import { createSubscriber } from 'svelte/reactivity';

/** Now, for 'x min ago' and the plant's clock: ticks each second while anything on the screen reads it. */
export class WallClock {
  readonly #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, 1000);
    return () => clearInterval(timer);
  });

  /** Microseconds since 1970. */
  get now(): number {
    this.#subscribe();
    return Date.now() * 1000;
  }
}
