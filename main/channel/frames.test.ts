import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { packFrame, unpackFrame } from './frames.ts';

test.prop([fc.jsonValue(), fc.array(fc.uint8Array())])('a frame gives back what was packed', (document, bytes) => {
  const frame = unpackFrame(packFrame(document, bytes));
  expect(frame.document).toEqual(JSON.parse(JSON.stringify(document)));
  expect(frame.bytes.map((part) => [...part])).toEqual(bytes.map((part) => [...part]));
});

it('refuses what is cut, too long, or no frame', () => {
  const frame = packFrame({ kind: 'x' }, [Uint8Array.of(1, 2, 3)]);
  expect(() => unpackFrame(frame.subarray(0, frame.length - 1))).toThrow(/expected to end/);
  expect(() => unpackFrame(frame.subarray(0, 10))).toThrow(/can't hold a header/);
  expect(() => unpackFrame(Uint8Array.of(...frame, 0))).toThrow(/expected to end/);
  expect(() => unpackFrame('text')).toThrow(/expected to be bytes/);
  expect(() => unpackFrame(packFrame(undefined).subarray(0, 2))).toThrow();
});
