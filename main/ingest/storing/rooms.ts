/** Bytes of memory that are kept to be used again. */
const mostBytes = 24 << 20;

const spare = new Map<number, ArrayBuffer[]>();
let bytes = 0;

/** Room for `length` numbers, used before or new; what stands in it is anything. */
export const takeRoom = (length: number): Float64Array => {
  const found = spare.get(length * 8)?.pop();
  if (found === undefined) return new Float64Array(length);
  bytes -= found.byteLength;
  return new Float64Array(found);
};

/** Gives room back that nobody sees any more: asking the system for it anew, and clearing it, takes longer than what is done with it. */
export const giveRoom = (room: ArrayBuffer): void => {
  if (bytes + room.byteLength > mostBytes) return;
  const alike = spare.get(room.byteLength) ?? [];
  spare.set(room.byteLength, alike);
  alike.push(room);
  bytes += room.byteLength;
};
