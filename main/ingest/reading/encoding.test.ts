import { describe, expect, it } from 'vitest';
import { asInFile, bytesInFile, ToBytes } from './bytes.ts';
import { decoderOf, detectEncoding } from './encoding.ts';

const gb = Buffer.from([0xb2, 0xc9, 0xbc, 0xaf, 0xca, 0xb1, 0xbc, 0xe4, 0x2c, 0xd6, 0xe1, 0xb3, 0xd0, 0xce, 0xc2, 0xb6, 0xc8, 0x28, 0xa1, 0xe6, 0x29, 0x0a]);
const jis = Buffer.from([0x93, 0xfa, 0x8e, 0x9e, 0x2c, 0x8e, 0xb2, 0x8e, 0xf3, 0x89, 0xb7, 0x93, 0x78, 0x0a]);

describe('the encoding of a file', () => {
  it.each([
    ['utf-8', 'Zeit;Öl (°C)\n', 'utf-8', 0],
    ['plain ASCII', 'time,a\n', 'utf-8', 0],
  ])('%s', (_name, text, name, bom) => {
    expect(detectEncoding(Buffer.from(text))).toEqual({ name, bom });
  });

  it('is told by its mark', () => {
    expect(detectEncoding(Buffer.from('\ufefftime'))).toEqual({ name: 'utf-8', bom: 3 });
    expect(detectEncoding(Buffer.from('\ufefftime', 'utf16le'))).toEqual({ name: 'utf-16le', bom: 2 });
    expect(detectEncoding(Buffer.from('\ufefftime', 'utf16le').swap16())).toEqual({ name: 'utf-16be', bom: 2 });
  });

  it('is UTF-16 where every second byte is zero, and not where a block of zeros follows a crash', () => {
    expect(detectEncoding(Buffer.from('time,value\n2025-01-01,1.5\n', 'utf16le')).name).toBe('utf-16le');
    expect(detectEncoding(Buffer.concat([Buffer.from('time,value\n'), Buffer.alloc(512), Buffer.from('\n2025-01-01,1\n')])).name).toBe('utf-8');
  });

  it('is Windows-1252 for a degree sign before C, though both bytes are a character of GBK', () => {
    expect(detectEncoding(Buffer.from('"Temp","\u00b0C"\n', 'latin1')).name).toBe('windows-1252');
    expect(detectEncoding(Buffer.from('Geh\u00e4use (\u00b0C);Gr\u00f6\u00dfe (\u00b5m)\n', 'latin1')).name).toBe('windows-1252');
  });

  it('is GB18030 or Shift-JIS where their frequent characters explain the bytes', () => {
    expect(detectEncoding(gb).name).toBe('gb18030');
    expect(decoderOf('gb18030')(gb)).toBe('采集时间,轴承温度(℃)\n');
    expect(detectEncoding(jis).name).toBe('shift_jis');
    expect(decoderOf('shift_jis')(jis)).toBe('日時,軸受温度\n');
  });

  it('a character cut by the end of the sample proves nothing', () => {
    expect(detectEncoding(Buffer.from('Öl (°').subarray(0, -1)).name).toBe('utf-8');
  });
});

describe('UTF-16 on its way', () => {
  it('counts and gives back the bytes of the file', () => {
    const original = Buffer.from('Öl\t12\n', 'utf16le');
    const toBytes = new ToBytes('utf-16le');
    const text = Buffer.concat([toBytes.take(original.subarray(0, 3)), toBytes.take(original.subarray(3)), toBytes.end()]);
    expect(text.toString()).toBe('Öl\t12\n');
    expect(bytesInFile(text, true)).toBe(original.length);
    expect(asInFile(text, 'utf-16le')).toEqual(original);
  });
});
