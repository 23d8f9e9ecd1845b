/** Work that begins a while after it was asked for, one a name: asked for again, the earlier is given up. */
export class Trials {
  readonly #stops = new Map<string, () => void>();

  /** Does `work` after so many milliseconds; its signal aborts when it is given up. */
  begin(name: string, milliseconds: number, work: (signal: AbortSignal) => Promise<void>): void {
    this.stop(name);
    const abort = new AbortController();
    const timer = setTimeout(() => void work(abort.signal), milliseconds);
    this.#stops.set(name, () => {
      clearTimeout(timer);
      abort.abort();
    });
  }

  stop(name: string): void {
    this.#stops.get(name)?.();
    this.#stops.delete(name);
  }

  stopAll(): void {
    for (const name of this.#stops.keys()) this.stop(name);
  }
}
