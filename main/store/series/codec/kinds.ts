/** What the payload of a values body is (FORMAT.md). */
export const Kind = { empty: 0, constant: 1, decimal: 2, float32: 3, float64: 4 } as const;
/** Bits of the flags byte. */
export const Flag = { presence: 1, deltas: 2, compressed: 4 } as const;

/** Base and number of exceptions, before a decimal payload's widths. */
export const DECIMAL_HEAD = 12;
