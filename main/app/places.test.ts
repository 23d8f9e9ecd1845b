import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { windowFolder } from './places.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mw-places-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("the window's own files lie in the plant's folder", () => {
  const own = windowFolder(join(folder, 'plant'));
  expect(own).toBe(join(folder, 'plant', 'window'));
  expect(statSync(own).isDirectory()).toBe(true);
});

it('where the folder takes no files they lie elsewhere, the same place at each start', () => {
  writeFileSync(join(folder, 'window'), 'no folder');
  expect(windowFolder(folder)).not.toContain(folder);
  expect(windowFolder(folder)).toBe(windowFolder(folder));
  expect(windowFolder(folder)).not.toBe(windowFolder(join(folder, 'window')));
});
