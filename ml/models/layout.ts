import type { Random } from '../dataset/random.ts';

/** How a slot begins. he: normal with variance 2 / fanIn (He et al. 2015); glorot: uniform (Glorot and Bengio 2010). */
export type Initial = { readonly kind: 'zeros' } | { readonly kind: 'ones' } | { readonly kind: 'he'; readonly fanIn: number } | { readonly kind: 'glorot'; readonly fanIn: number; readonly fanOut: number };

/** One named tensor of a network: its place in the flat array of its kind. */
export interface Slot {
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
  readonly offset: number;
  readonly initial: Initial;
  /** Whether L2 pulls it towards zero: kernels yes, biases and scales no. */
  readonly decays: boolean;
}

/**
 * Collects the tensors of a network while it is built. Parameters are learnt; statistics are the moving means and variances
 * of batch normalisation. Each kind lies in one flat Float32Array, so that optimiser, averaging and checkpoint are plain loops.
 */
export class Layout {
  readonly parameters: Slot[];
  readonly statistics: Slot[];
  private readonly scope: string;

  constructor(parameters: Slot[] = [], statistics: Slot[] = [], scope = '') {
    this.parameters = parameters;
    this.statistics = statistics;
    this.scope = scope;
  }

  /** The same layout; what is added through it bears `scope` in front of its name. */
  under(scope: string): Layout {
    return new Layout(this.parameters, this.statistics, `${this.scope}${scope}/`);
  }

  private add(slots: Slot[], name: string, shape: readonly number[], initial: Initial, decays: boolean): Slot {
    const last = slots[slots.length - 1];
    const size = shape.reduce((product, side) => product * side, 1);
    const slot: Slot = { name: `${this.scope}${name}`, shape, size, offset: last === undefined ? 0 : last.offset + last.size, initial, decays };
    slots.push(slot);
    return slot;
  }

  kernel(name: string, shape: readonly number[], initial: Initial): Slot {
    return this.add(this.parameters, name, shape, initial, true);
  }

  vector(name: string, length: number, kind: 'zeros' | 'ones'): Slot {
    return this.add(this.parameters, name, [length], { kind }, false);
  }

  statistic(name: string, length: number, kind: 'zeros' | 'ones'): Slot {
    return this.add(this.statistics, name, [length], { kind }, false);
  }
}

/** Total length of the flat array that holds the slots. */
export const sizeOf = (slots: readonly Slot[]): number => slots.reduce((sum, slot) => sum + slot.size, 0);

/** A fresh flat array for the slots, drawn from `random` in their order. */
export const initialise = (slots: readonly Slot[], random: Random): Float32Array => {
  const flat = new Float32Array(sizeOf(slots));
  for (const { offset, size, initial } of slots) {
    const place = flat.subarray(offset, offset + size);
    if (initial.kind === 'ones') place.fill(1);
    if (initial.kind === 'he') for (let at = 0; at < size; at++) place[at] = random.normal() * Math.sqrt(2 / initial.fanIn);
    if (initial.kind === 'glorot') for (let at = 0; at < size; at++) place[at] = (2 * random.next() - 1) * Math.sqrt(6 / (initial.fanIn + initial.fanOut));
  }
  return flat;
};
