import { packModule } from './pack.wasm.ts';

const PAGE = 65_536;
/** Below it lie the compiler's own constants. */
const START = 4096;
const BLOCK = 128;
const ROLLED = 64;

/** A column as whole numbers, packed. All views of memory that the next call overwrites. */
export interface Packed {
  /** [blocks of 128] bits that each of its numbers takes. */
  readonly widths: Uint8Array;
  readonly words: Uint32Array;
  /** Differences to the number before were packed, base the first number; else differences to base, the smallest. */
  readonly isDelta: boolean;
  readonly base: number;
  /** [ceil(rows / 64)][2] lowest and highest of every 64 rows. */
  readonly extremes: Float64Array;
}

type Pack = (values: number, count: number, power: number, whole: number, zigzags: number, rolled: number, widths: number, room: number, out: number, most: number) => number;

/** Where things lie in the kernel's memory, in bytes, for columns of up to `capacity` rows. */
const roomOf = (capacity: number) => {
  const blocks = Math.ceil(capacity / BLOCK);
  const whole = START + 8 * capacity + 16;
  const zigzags = whole + 4 * capacity + 16;
  const rolled = zigzags + 4 * capacity;
  const widths = rolled + 16 * Math.ceil(capacity / ROLLED);
  const room = widths + ((blocks + 15) & ~15);
  const out = room + 4 * blocks + 16;
  return { capacity, whole, zigzags, rolled, widths, room, out, end: out + 4 * capacity + 16 };
};

/** The kernel in its own memory; one serves a thread. */
class PackKernel {
  private readonly memory = new WebAssembly.Memory({ initial: 1 });
  private readonly call: Pack;
  private readonly first: { value: number };
  private readonly least: { value: number };
  private readonly isDelta: { value: number };
  private room = roomOf(0);
  private doubles = new Float64Array(0);

  constructor() {
    const { pack, first, least, isDelta } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(packModule, 'base64')), { env: { memory: this.memory } }).exports;
    const { Global } = WebAssembly;
    if (!(pack instanceof Function) || !(first instanceof Global) || !(least instanceof Global) || !(isDelta instanceof Global)) throw new Error('pack.wasm.ts is not the kernel; make it anew by scripts/kernel.mjs');
    this.call = (...args) => Number(pack(...args));
    this.first = first;
    this.least = least;
    this.isDelta = isDelta;
  }

  pack(values: Float64Array, power: number, most: number): Packed | null {
    const count = values.length;
    this.reserve(count);
    const { room, doubles, memory } = this;
    const last = values[count - 1] ?? 0;
    doubles.set(values, START / 8);
    for (let i = count; i & 3; i += 1) doubles[START / 8 + i] = last;
    const words = this.call(START, count, power, room.whole, room.zigzags, room.rolled, room.widths, room.room, room.out, most);
    if (words < 0) return null;
    const isDelta = this.isDelta.value === 1;
    return {
      widths: new Uint8Array(memory.buffer, room.widths, Math.ceil(count / BLOCK)),
      words: new Uint32Array(memory.buffer, room.out, words),
      isDelta,
      base: isDelta ? this.first.value : this.least.value,
      extremes: new Float64Array(memory.buffer, room.rolled, 2 * Math.ceil(count / ROLLED)),
    };
  }

  private reserve(count: number): void {
    if (count <= this.room.capacity) return;
    this.room = roomOf(Math.ceil(count / 4096) * 4096);
    const lacking = this.room.end - this.memory.buffer.byteLength;
    if (lacking > 0) this.memory.grow(Math.ceil(lacking / PAGE));
    this.doubles = new Float64Array(this.memory.buffer);
  }
}

let kernel: PackKernel | null = null;

/**
 * Packs a column without holes of decimals that are small whole numbers of 1 / power: in WebAssembly, eight times as fast as in JavaScript.
 * @param values [rows], at least one
 * @param most bytes that widths (padded to four) and words may take
 * @returns null where they aren't such numbers, are all alike, or take more room; else what the next call overwrites
 */
export const packColumn = (values: Float64Array, power: number, most: number): Packed | null => {
  kernel ??= new PackKernel();
  return kernel.pack(values, power, most);
};
