import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { listFiles } from './listing.ts';

const folder = mkdtempSync(join(tmpdir(), 'mw-listing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const put = (...path: string[]): string => {
  const file = join(folder, ...path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, 'a;b\n1;2\n');
  return file;
};

test('a folder gives what may be logs in and below it, by name; a named file is taken whatever it is called', async () => {
  put('line', 'p10.csv');
  put('line', 'p9.csv');
  put('line', 'day.e01');
  put('line', 'photo.JPG');
  put('line', '.hidden.csv');
  put('manual.pdf');
  symlinkSync(folder, join(folder, 'line', 'round'));
  const listed = await listFiles([folder, join(folder, 'line', 'p9.csv')]);
  expect(listed.files.map(({ path }) => basename(path))).toEqual(['day.e01', 'p9.csv', 'p10.csv']);
  expect(listed.files.map(({ bytes }) => bytes)).toEqual([8, 8, 8]);
  expect(listed.passedOver).toBe(3);
  expect((await listFiles([join(folder, 'manual.pdf')])).files).toHaveLength(1);
});

test('a place that is not there is said', async () => {
  await expect(listFiles([join(folder, 'none')])).rejects.toMatchObject({ code: 'file-unreadable' });
});
