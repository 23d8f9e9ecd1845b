import { eventIterator } from '@orpc/contract';
import { z } from 'zod';

/**
 * The one form of every stream: first the whole list, then each change as the whole document it concerns.
 * `seq` grows by one a message within a stream; a reader that sees a hole, or the end, opens the stream again and gets a new snapshot.
 */
export const resource = <T extends z.ZodType>(item: T) =>
  eventIterator(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('snapshot'), seq: z.int(), items: z.array(item) }),
      z.strictObject({ kind: z.literal('upsert'), seq: z.int(), item }),
      z.strictObject({ kind: z.literal('remove'), seq: z.int(), id: z.union([z.string(), z.number()]) }),
    ]),
  );

/** A message of a resource stream, for those who write or read one. */
export type ResourceMessage<T> =
  | { kind: 'snapshot'; seq: number; items: T[] }
  | { kind: 'upsert'; seq: number; item: T }
  | { kind: 'remove'; seq: number; id: string | number };
