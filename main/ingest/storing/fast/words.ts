import { CR, LF } from './cell.ts';

/**
 * Words of one column by their bytes, so that each is made a string and judged once. A word is found by its predecessor's successor
 * (logs name their tags in turns), else by its hash.
 */
export class Words<T> {
  /** Where the cell ends that `take` found a word in. */
  stop = 0;

  private bytes = new Uint8Array(4096);
  private view = new DataView(this.bytes.buffer);
  private used = 0;
  private starts = new Uint32Array(256);
  private successors = new Int32Array(256).fill(-1);
  private hashes = new Int32Array(256);
  /** 1: the word was met as a cell without quotes, so that no delimiter is in it. */
  private bare = new Uint8Array(256);
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

  /** Number of the word that the cell from `from` on is, as it stands there, up to a delimiter or a line end; -1 where it isn't known. Sets `stop`. */
  take(bytes: Uint8Array, view: DataView, from: number, delimiter: number): number {
    const guess = this.last < 0 ? -1 : (this.successors[this.last] ?? -1);
    if (guess >= 0 && this.bare[guess] === 1) {
      const start = this.starts[guess] ?? 0;
      const length = (this.starts[guess + 1] ?? 0) - start;
      const stop = from + length;
      const c = stop < bytes.length ? bytes[stop] : 0;
      if ((c === delimiter || c === LF || c === CR) && isSame(view, from, this.view, start, length)) {
        this.last = guess;
        this.stop = stop;
        return guess;
      }
    }
    return this.takeOther(bytes, from, delimiter);
  }

  private takeOther(bytes: Uint8Array, from: number, delimiter: number): number {
    let i = from;
    let hash = seed;
    for (; i < bytes.length; i++) {
      const c = bytes[i] ?? 0;
      if (c === delimiter || c === LF || c === CR) break;
      hash = Math.imul(hash ^ c, factor);
    }
    if (i === bytes.length) return -1;
    this.stop = i;
    const found = this.search(mixed(hash), bytes, from, i);
    if (found < 0) return -1;
    this.bare[found] = 1;
    this.follow(found);
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
    const bare = new Uint8Array(size);
    bare.set(this.bare);
    this.bare = bare;
  }

  private growBytes(least: number): void {
    const bytes = new Uint8Array(Math.max(this.bytes.length * 2, least));
    bytes.set(this.bytes);
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}

/** FNV-1a. */
const seed = 0x811c9dc5 | 0;
const factor = 0x01000193;
const mixed = (hash: number): number => hash ^ (hash >>> 15);

const hashOf = (bytes: Uint8Array, from: number, to: number): number => {
  let hash = seed;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), factor);
  return mixed(hash);
};

/** Whether `length` bytes are the same, which must lie within both: four at a time, the last ones twice. */
export const isSame = (a: DataView, from: number, b: DataView, start: number, length: number): boolean => {
  if (length < 4) {
    for (let i = 0; i < length; i++) if (a.getUint8(from + i) !== b.getUint8(start + i)) return false;
    return true;
  }
  const last = length - 4;
  if (a.getInt32(from + last, true) !== b.getInt32(start + last, true)) return false;
  for (let i = 0; i < last; i += 4) if (a.getInt32(from + i, true) !== b.getInt32(start + i, true)) return false;
  return true;
};
