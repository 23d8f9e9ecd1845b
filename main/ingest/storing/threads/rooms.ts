import type { Stretch } from './stretch.ts';

/** The memory of a stretch's rows, which is handed over between threads and not copied. */
export const roomsOf = (stretch: Stretch | null): ArrayBuffer[] => {
  const rooms = new Set<ArrayBuffer>();
  for (const set of stretch?.gathered.sets ?? [])
    for (const { positions, columns } of set.pieces)
      for (const { buffer } of [positions, ...columns.map(({ values }) => values)]) if (buffer instanceof ArrayBuffer) rooms.add(buffer);
  return [...rooms];
};
