import { expect, test } from 'vitest';
import { createTopic } from './topic.ts';

interface Item {
  readonly id: number;
  readonly value: string;
}

test('a reader gets the list, then each change as a whole document with growing numbers', async () => {
  const items: Item[] = [{ id: 1, value: 'a' }];
  const topic = createTopic<Item>(() => items, (item) => item.id);
  const abort = new AbortController();
  const stream = topic.stream(abort.signal);
  expect((await stream.next()).value).toEqual({ kind: 'snapshot', seq: 0, items: [{ id: 1, value: 'a' }] });
  topic.publish({ id: 2, value: 'b' });
  expect((await stream.next()).value).toEqual({ kind: 'upsert', seq: 1, item: { id: 2, value: 'b' } });
  const next = stream.next();
  topic.remove(1);
  expect((await next).value).toEqual({ kind: 'remove', seq: 2, id: 1 });
  const last = stream.next();
  abort.abort();
  expect((await last).done).toBe(true);
});

test('a slow reader gets the newest document of each id, never a backlog', async () => {
  const topic = createTopic<Item>(() => [], (item) => item.id);
  const stream = topic.stream(undefined);
  await stream.next();
  for (let round = 0; round < 10_000; round += 1) topic.publish({ id: round % 3, value: String(round) });
  const seen = [await stream.next(), await stream.next(), await stream.next()].map((entry) => (entry.done === true || entry.value.kind !== 'upsert' ? null : entry.value.item.value));
  expect(seen.sort()).toEqual(['9997', '9998', '9999']);
  await stream.return();
});
