/** The rows of a batch by position. */
export interface SortedRows {
  /** [distinct positions], strictly rising. */
  readonly positions: Float64Array;
  /** [rows] indexes of the batch's rows by position, those of one position in the order in which they came. */
  readonly order: Uint32Array;
  /** [distinct positions + 1] where each position's rows begin in `order`. */
  readonly starts: Uint32Array;
  /** Whether the batch came so: then `order` is 0, 1, 2, ... */
  readonly inOrder: boolean;
}

const isRising = (positions: Float64Array): boolean => {
  for (let i = 1; i < positions.length; i += 1) if (!((positions[i - 1] ?? 0) < (positions[i] ?? 0))) return false;
  return true;
};

const counted = (length: number): Uint32Array => {
  const out = new Uint32Array(length);
  for (let i = 0; i < length; i += 1) out[i] = i;
  return out;
};

/** @param given [rows] finite positions in any order, with repeats; -0 counts as 0 */
export const sortRows = (given: Float64Array): SortedRows => {
  if (isRising(given)) {
    // Adding 0 makes a -0 of it: positions are compared with === and stored in a column that knows one zero only.
    const positions = given.includes(0) ? given.map((at) => at + 0) : given;
    return { positions, order: counted(given.length), starts: counted(given.length + 1), inOrder: true };
  }
  const order = counted(given.length).sort((a, b) => (given[a] ?? 0) - (given[b] ?? 0) || a - b);
  const positions = new Float64Array(given.length);
  const starts = new Uint32Array(given.length + 1);
  let groups = 0;
  for (let k = 0; k < order.length; k += 1) {
    const at = (given[order[k] ?? 0] ?? 0) + 0;
    if (groups > 0 && positions[groups - 1] === at) continue;
    positions[groups] = at;
    starts[groups] = k;
    groups += 1;
  }
  starts[groups] = order.length;
  return { positions: positions.slice(0, groups), order, starts: starts.slice(0, groups + 1), inOrder: false };
};
