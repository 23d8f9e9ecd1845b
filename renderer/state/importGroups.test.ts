import { describe, expect, it } from 'vitest';
import type { Inspection, Mapping } from '../../main/contract/data.ts';
import { groupsOf, withColumnsOf, type Draft } from './importGroups.ts';

const mapping = (names: readonly string[], asset: string): Mapping => ({
  version: 1,
  layout: 'wide',
  dialect: { delimiter: ';', decimal: ',', quote: null, encoding: 'utf-8', headerLines: 1 },
  timestamp: { kind: 'iso', format: '', zone: 'UTC' },
  columns: names.map((name, index) => ({ index, name, role: index === 0 ? 'time' : 'value', unit: null, unitAsWritten: null, why: '' })),
  asset,
  machineType: null,
  axis: 'time',
  missingCodes: [],
});
const draft = (file: string, names: readonly string[]): Draft => {
  const inspection: Inspection = { file, bytes: 1, mapping: mapping(names, file), decisions: [], profile: null, raw: [], findings: [], preview: [], events: [] };
  return { inspection, edited: false, error: null };
};
const drafts = [draft('a', ['time', 'speed']), draft('b', ['time', 'speed']), draft('c', ['time', 'flow'])];
const [first] = drafts;
const renamed: Mapping = { ...mapping(['time', 'velocity'], 'a'), machineType: 'pump' };

describe('an import of several files', () => {
  it('stores files that nobody changed in one call, read as they were found', () => {
    expect(groupsOf(drafts)).toEqual([{ files: ['a', 'b', 'c'], mapping: null }]);
  });

  it('takes changed columns over to the files that have the same, and nothing else of the mapping', () => {
    const changed = withColumnsOf(drafts, 'a', renamed);
    expect(changed.map((one) => one.inspection.mapping.columns[1]?.name)).toEqual(['velocity', 'velocity', 'flow']);
    expect(changed.map((one) => one.inspection.mapping.asset)).toEqual(['a', 'b', 'c']);
    expect(changed.map((one) => one.inspection.mapping.machineType)).toEqual(['pump', null, null]);
    expect(changed.map((one) => one.edited)).toEqual([true, true, false]);
  });

  it('makes one call for each changed mapping', () => {
    const groups = groupsOf(withColumnsOf(drafts, 'a', renamed));
    expect(groups.map((group) => [group.files, group.mapping?.machineType])).toEqual([[['a'], 'pump'], [['b'], null], [['c'], undefined]]);
  });

  it('leaves all as it is for a file that is not there', () => {
    expect(withColumnsOf(drafts, 'z', renamed)).toBe(drafts);
    expect(first?.edited).toBe(false);
  });
});
