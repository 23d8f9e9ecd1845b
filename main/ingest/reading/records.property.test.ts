import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutterOf, delimiterByte } from './cells.ts';
import { RecordReader } from './records.ts';

const recordsOf = (bytes: Buffer, cuts: readonly number[]): { texts: string[]; lines: number[]; consumed: number } => {
  const reader = new RecordReader(delimiterByte(','));
  const texts: string[] = [];
  const lines: number[] = [];
  const take = (final: boolean): void => {
    while (reader.next(final)) {
      texts.push(reader.buffer.toString('utf8', reader.start, reader.stop));
      lines.push(reader.recordLine);
    }
  };
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    reader.feed(Buffer.from(bytes.subarray(from, Math.max(from, cut))));
    from = Math.max(from, cut);
    take(false);
  }
  take(true);
  return { texts, lines, consumed: reader.consumed };
};

const plainCell = fc.stringMatching(/^[a-z0-9.äµ度 ]{0,6}$/).map((text) => text.trim());
const quotedCell = fc.stringMatching(/^[a-z",\n\r ]{0,8}$/).map((text) => ({ text: text.trim(), written: `"${text.trim().replaceAll('"', '""')}"` }));
const cell = fc.oneof(plainCell.map((text) => ({ text, written: text })), quotedCell);
const file = fc.array(fc.tuple(fc.array(cell, { minLength: 1, maxLength: 4 }), fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 12 });

describe('splitting into records', () => {
  it('gives back the records that were written, wherever the chunks are cut', () => {
    fc.assert(
      fc.property(file, fc.array(fc.nat(400), { maxLength: 8 }), (records, rawCuts) => {
        // A CR record followed by an empty one that ends with LF reads as one CR LF: no writer means that.
        const written = records.filter(([cells]) => cells.some(({ written: text }) => text !== ''));
        const text = written.map(([cells, end]) => cells.map((one) => one.written).join(',') + end).join('');
        const bytes = Buffer.from(text);
        const cuts = rawCuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b);
        const { texts, consumed } = recordsOf(bytes, cuts);
        const cut = cutterOf(',');
        expect(texts.map(cut)).toEqual(written.map(([cells]) => cells.map((one) => one.text)));
        expect(consumed).toBe(bytes.length);
      }),
      { numRuns: 500 },
    );
  });

  it('splits the same with and without chunks, for any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '1', ',', '"', '\n', '\r', ' ', '\0'), { maxLength: 60 }), fc.array(fc.nat(60), { maxLength: 6 }), (parts, rawCuts) => {
        const bytes = Buffer.from(parts.join(''));
        const cuts = rawCuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b);
        expect(recordsOf(bytes, cuts)).toEqual(recordsOf(bytes, []));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a quote that never closes', () => {
  const text = 'a,b\n1,"open\n2,x\n3,y\n';

  it('costs its own line alone when the file ends', () => {
    expect(recordsOf(Buffer.from(text), []).texts).toEqual(['a,b', '1,"open', '2,x', '3,y']);
  });

  it('costs its own line alone when a later line stands as a record', () => {
    const reader = new RecordReader(44);
    reader.looksLikeRecord = (bytes, from, to) => /^\d,/.test(bytes.toString('latin1', from, to));
    reader.feed(Buffer.from('1,"open\n2,"closed"\n'));
    expect(reader.next(false)).toBe(true);
    expect(reader.unclosed).toBe(true);
    expect(reader.next(false)).toBe(true);
    expect(reader.buffer.toString('latin1', reader.start, reader.stop)).toBe('2,"closed"');
    expect(reader.recordLine).toBe(2);
  });
});

describe('line numbers', () => {
  it('count the lines within quotes', () => {
    expect(recordsOf(Buffer.from('a\n"b\nc\r\nd"\ne\n'), []).lines).toEqual([1, 2, 5]);
  });
});
