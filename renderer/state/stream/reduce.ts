import type { ResourceMessage } from '../../../main/contract/resource.ts';

export type Id = string | number;

/** What is known before the first snapshot. */
export const NOTHING: ReadonlyMap<Id, never> = new Map<Id, never>();

/** A resource as the messages up to `seq` tell it. */
export interface Collection<T> {
  readonly seq: number;
  readonly items: ReadonlyMap<Id, T>;
}

/**
 * The collection after one more message, or null where the message doesn't follow on: a change before any snapshot, or a hole
 * in the sequence. The reader then opens the stream again.
 */
export const reduce = <T>(before: Collection<T> | null, message: ResourceMessage<T>, idOf: (item: T) => Id): Collection<T> | null => {
  if (message.kind === 'snapshot') return { seq: message.seq, items: new Map(message.items.map((item) => [idOf(item), item])) };
  if (before === null || message.seq !== before.seq + 1) return null;
  const items = new Map(before.items);
  if (message.kind === 'upsert') items.set(idOf(message.item), message.item);
  else items.delete(message.id);
  return { seq: message.seq, items };
};
