import { describe, expect, it } from 'vitest';
import { formatOfKind, isGiven, startOfFormat, withDay, withEvery, withSince } from './timeStart.ts';

describe('the start of counted times', () => {
  it('is read from the format and written back into it', () => {
    const format = 'every 0.5 s since 2025-05-20T06:00:00Z';
    expect(startOfFormat(format)).toEqual({ every: 0.5, since: Date.UTC(2025, 4, 20, 6) * 1000, on: null });
    expect(withSince(withEvery(format, 60), Date.UTC(2026, 0, 2, 3, 4, 5) * 1000)).toBe('every 60 s since 2026-01-02T03:04:05Z');
    expect(withDay('HH:mm:ss on 1970-01-01', '2026-02-13')).toBe('HH:mm:ss on 2026-02-13');
    expect(startOfFormat('dd.MM.yyyy HH:mm')).toEqual({ every: null, since: null, on: null });
  });

  it('is known to be missing', () => {
    expect(['seconds since 1970-01-01T00:00:00Z', 'HH:mm:ss on 1970-01-01', 'seconds since 2025-01-01T00:00:00Z', 'dd.MM.yyyy'].map((format) => isGiven(startOfFormat(format)))).toEqual([false, false, true, true]);
  });

  it('is kept when another form is chosen', () => {
    expect(formatOfKind('elapsed-ms', 'seconds since 2025-01-01T00:00:00Z')).toBe('milliseconds since 2025-01-01T00:00:00Z');
    expect(formatOfKind('interval', 'record number')).toBe('every 1 s since 1970-01-01T00:00:00Z');
    expect(formatOfKind('pattern', 'record number')).toBe('dd.MM.yyyy HH:mm:ss');
    expect(formatOfKind('pattern', 'MM/dd/yyyy HH:mm')).toBe('MM/dd/yyyy HH:mm');
  });
});
