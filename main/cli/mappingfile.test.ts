import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findShape } from '../ingest/shape/mapping.ts';
import { mappingFile } from './mappingfile.ts';

let folder = '';
const path = (): string => join(folder, 'mapping.json');
const { mapping } = findShape(Buffer.from('Time;Flow\n2025-03-24 06:10:00;1,5\n2025-03-24 06:11:00;2,5\n'), true, 'UTC');
/** As 'inspect --json' prints one file. */
const inspected = { file: '/log.csv', layout: mapping.layout, dialect: mapping.dialect, timestamp: mapping.timestamp, columns: mapping.columns, findings: [], mapping };
const read = (written: unknown): unknown => {
  writeFileSync(path(), JSON.stringify(written));
  return mappingFile(path(), 'mapping.json');
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mapping-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('is a mapping alone, or all that inspect printed of one file', () => {
  for (const written of [mapping, inspected, { files: [inspected] }]) expect(read(written)).toEqual(mapping);
});

it('is refused where what stands twice in it was changed in one place only', () => {
  const columns = mapping.columns.slice(0, 1);
  expect(read({ files: [{ ...inspected, columns, mapping: { ...mapping, columns } }] })).toMatchObject({ columns });
  expect(() => read({ files: [{ ...inspected, columns }] })).toThrow(/'columns' and 'mapping.columns' differ/);
});

it('is refused where it is that of several files, or none', () => {
  expect(() => read({ files: [inspected, inspected] })).toThrow(/mappings of 2 files/);
  expect(() => read({ bad: 1 })).toThrow(/the mapping mapping.json does not fit: version/);
});
