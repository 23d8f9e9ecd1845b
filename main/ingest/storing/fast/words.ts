/**
 * Words of one column by their bytes, so that each is made a string and judged once. A word is found by its predecessor's successor
 * (logs name their tags in turns), else by its hash.
 */
export class Words<T> {
  private bytes = new Uint8Array(4096);
  private used = 0;
  private starts = new Uint32Array(256);
  private successors = new Int32Array(256).fill(-1);
  private hashes = new Int32Array(256);
  private table = new Int32Array(1024).fill(-1);
  private readonly values: T[] = [];
  private last = -1;
  private readonly most: number;

  /** `most`: words that are kept; further ones aren't. */
  constructor(most: number) {
    this.most = most;
  }

  /** Number of the word from..to; -1 where it isn't known. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const guess = this.last < 0 ? -1 : (this.successors[this.last] ?? -1);
    if (guess >= 0 && this.is(guess, bytes, from, to)) {
      this.last = guess;
      return guess;
    }
    const found = this.search(hashOf(bytes, from, to), bytes, from, to);
    if (found >= 0) this.follow(found);
    return found;
  }

  /** A new word; -1 where there are too many. */
  add(bytes: Uint8Array, from: number, to: number, value: T): number {
    const index = this.values.length;
    if (index >= this.most) return -1;
    if (index + 1 >= this.starts.length) this.growIndex();
    if (this.used + to - from > this.bytes.length) this.growBytes(this.used + to - from);
    this.bytes.set(bytes.subarray(from, to), this.used);
    this.starts[index] = this.used;
    this.used += to - from;
    this.starts[index + 1] = this.used;
    this.hashes[index] = hashOf(bytes, from, to);
    this.values.push(value);
    if ((index + 1) * 2 > this.table.length) this.rehash(this.table.length * 4);
    else this.place(index);
    this.follow(index);
    return index;
  }

  valueOf(index: number): T | undefined {
    return this.values[index];
  }

  private follow(index: number): void {
    if (this.last >= 0) this.successors[this.last] = index;
    this.last = index;
  }

  private is(index: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.starts[index] ?? 0;
    const length = to - from;
    if ((this.starts[index + 1] ?? 0) - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.bytes[start + i] !== bytes[from + i]) return false;
    return true;
  }

  private search(hash: number, bytes: Uint8Array, from: number, to: number): number {
    const mask = this.table.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const index = this.table[slot] ?? -1;
      if (index < 0) return -1;
      if (this.hashes[index] === hash && this.is(index, bytes, from, to)) return index;
    }
  }

  private place(index: number): void {
    const mask = this.table.length - 1;
    let slot = (this.hashes[index] ?? 0) & mask;
    while ((this.table[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
    this.table[slot] = index;
  }

  private rehash(size: number): void {
    this.table = new Int32Array(size).fill(-1);
    for (let index = 0; index < this.values.length; index++) this.place(index);
  }

  private growIndex(): void {
    const size = this.starts.length * 2;
    const starts = new Uint32Array(size);
    starts.set(this.starts);
    this.starts = starts;
    const successors = new Int32Array(size).fill(-1);
    successors.set(this.successors);
    this.successors = successors;
    const hashes = new Int32Array(size);
    hashes.set(this.hashes);
    this.hashes = hashes;
  }

  private growBytes(least: number): void {
    const bytes = new Uint8Array(Math.max(this.bytes.length * 2, least));
    bytes.set(this.bytes);
    this.bytes = bytes;
  }
}

/** FNV-1a. */
const hashOf = (bytes: Uint8Array, from: number, to: number): number => {
  let hash = 0x811c9dc5 | 0;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return hash ^ (hash >>> 15);
};
