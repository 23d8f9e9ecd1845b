import { wideModule } from './wide.wasm.ts';

/** What a cell is for, as the kernel is told it. */
export const KernelRole = { nothing: 0, value: 1, time: 2 } as const;

/** How records in wide form are written. */
export interface WideForm {
  /** [cells] of KernelRole */
  readonly roles: Uint8Array;
  /** [256] 1 for bytes that a record begins with. */
  readonly beginnings: Uint8Array;
  readonly delimiter: number;
  readonly decimal: number;
  /** Numbers that stand for 'no value'. */
  readonly missing: readonly number[];
}

/** Words that tell a record's places: where it begins, where its time's cell begins and ends. */
export const WORDS_A_PLACE = 3;

const PAGE = 65_536;
/** Line ends behind the bytes: more than the kernel looks ahead. */
const SENTINELS = 128;
/** Cells of one call: their columns stay in the processor's second cache. */
const CELLS = 32_768;
const FEWEST_ROWS = 16;
const MOST_ROWS = 512;
/** Doubles between two columns' ends: at distances of whole pages a record's cells would push each other out of the cache. */
const APART = 8;
/** Below it lie the compiler's own constants. */
const START = 4096;
const LF = 10;

const even = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** Where things lie in the kernel's memory, in bytes. */
interface Room {
  readonly roles: number;
  readonly beginnings: number;
  readonly missing: number;
  readonly values: number;
  readonly stride: number;
  readonly places: number;
  readonly bytes: number;
}

const roomOf = ({ roles, missing }: WideForm, columns: number, most: number): Room => {
  const beginnings = even(START + roles.length);
  const missingAt = beginnings + 256;
  const values = even(missingAt + 8 * missing.length);
  const stride = (most + APART) * Float64Array.BYTES_PER_ELEMENT;
  const places = even(values + columns * stride);
  return { roles: START, beginnings, missing: missingAt, values, stride, places, bytes: even(places + 4 * WORDS_A_PLACE * most) + 64 };
};

type ReadWide = (from: number, end: number, limit: number, most: number, width: number, roles: number, beginnings: number, delimiter: number, decimal: number, values: number, stride: number, places: number, missing: number, missings: number) => number;

/** The module, compiled once a thread. */
let module: WebAssembly.Module | null = null;

/**
 * Reads plain records in wide form from bytes into columns of numbers, in WebAssembly: three times as fast as the same in JavaScript, and
 * as safe, since it can't reach beyond its own memory.
 */
export class WideKernel {
  /** Where the record begins that the last call stopped before, counted as the bytes that were given. */
  next = 0;
  /** Records of a call at most. */
  readonly most: number;
  private readonly memory = new WebAssembly.Memory({ initial: 1 });
  private readonly readWide: ReadWide;
  private readonly at: { value: number };
  private readonly form: WideForm;
  private readonly room: Room;
  private doubles = new Float64Array(0);
  private words = new Uint32Array(0);
  private heap = new Uint8Array(0);
  private length = 0;

  constructor(form: WideForm) {
    const columns = form.roles.filter((role) => role === KernelRole.value).length;
    this.form = form;
    this.most = Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, Math.floor(CELLS / Math.max(1, columns))));
    this.room = roomOf(form, columns, this.most);
    module ??= new WebAssembly.Module(Buffer.from(wideModule, 'base64'));
    const { readWide, at } = new WebAssembly.Instance(module, { env: { memory: this.memory } }).exports;
    if (!(readWide instanceof Function) || !(at instanceof WebAssembly.Global)) throw new Error('wide.wasm.ts is not the kernel; make it anew by scripts/kernel.mjs');
    this.readWide = (...args) => Number(readWide(...args));
    this.at = at;
    this.reserve(0);
    this.heap.set(form.roles, this.room.roles);
    this.heap.set(form.beginnings, this.room.beginnings);
    this.doubles.set(form.missing, this.room.missing / 8);
  }

  /** Takes the bytes that records are read from until it is given others. */
  give(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.heap.set(bytes, this.room.bytes);
    this.heap.fill(LF, this.room.bytes + bytes.length, this.room.bytes + bytes.length + SENTINELS);
    this.length = bytes.length;
  }

  /** Reads records that begin from `from` on and before `limit`, at most `rows`; returns how many, and sets `next`. */
  read(from: number, limit: number, rows: number): number {
    const { form, room } = this;
    const base = room.bytes;
    const read = this.readWide(base + from, base + this.length, base + limit, Math.min(rows, this.most), form.roles.length, room.roles, room.beginnings, form.delimiter, form.decimal, room.values, room.stride, room.places, room.missing, form.missing.length);
    this.next = this.at.value - base;
    return read;
  }

  /** Place number `word` of a record of the last call, counted as the bytes that were given. */
  place(row: number, word: number): number {
    return (this.words[this.room.places / 4 + row * WORDS_A_PLACE + word] ?? 0) - this.room.bytes;
  }

  /** Values of the k-th of the cells that are values, in the first `rows` records of the last call; overwritten by the next. */
  column(k: number, rows: number): Float64Array {
    const first = (this.room.values + k * this.room.stride) / 8;
    return this.doubles.subarray(first, first + rows);
  }

  private reserve(bytes: number): void {
    const lacking = this.room.bytes + bytes + SENTINELS + 64 - this.memory.buffer.byteLength;
    if (lacking > 0) this.memory.grow(Math.ceil(lacking / PAGE));
    if (this.doubles.buffer === this.memory.buffer) return;
    this.doubles = new Float64Array(this.memory.buffer);
    this.words = new Uint32Array(this.memory.buffer);
    this.heap = new Uint8Array(this.memory.buffer);
  }
}
