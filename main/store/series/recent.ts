/** Keeps what was used last, up to a total weight; what is dropped can be made again. */
export interface Recent<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V, weight: number): void;
  delete(key: K): void;
  clear(): void;
  /** Weights of all that is kept, the longest unused first. */
  weights(): [K, number][];
}

/** @param limit total weight that is kept; the newest entry is kept even when it is heavier */
export const createRecent = <K, V>(limit: number): Recent<K, V> => {
  // A Map keeps the order of insertion: the first is the one that wasn't used for longest.
  const entries = new Map<K, { value: V; weight: number }>();
  let total = 0;
  const drop = (key: K): void => {
    total -= entries.get(key)?.weight ?? 0;
    entries.delete(key);
  };
  return {
    get: (key) => {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set: (key, value, weight) => {
      drop(key);
      entries.set(key, { value, weight });
      total += weight;
      for (const oldest of entries.keys()) {
        if (total <= limit || entries.size === 1) break;
        drop(oldest);
      }
    },
    delete: drop,
    clear: () => {
      entries.clear();
      total = 0;
    },
    weights: () => [...entries].map(([key, { weight }]) => [key, weight]),
  };
};
