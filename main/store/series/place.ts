import { z } from 'zod';
import { SensorId } from '../../contract/values.ts';

/** Where a sealed chunk lies and how much it holds. */
export const ChunkPlace = z.strictObject({
  id: z.int(),
  sensor: SensorId,
  /** First and last position of its grid. */
  start: z.number(),
  end: z.number(),
  /** Positions of its grid. */
  rows: z.int(),
  /** Readings among them. */
  count: z.int(),
  grid: z.int(),
});
export type ChunkPlace = z.infer<typeof ChunkPlace>;

/** What a chunk is called in messages. */
export const nameOf = (place: ChunkPlace): string => `chunk ${place.id} of sensor ${place.sensor} (from ${place.start} to ${place.end})`;
