import { describe, expect, it } from 'vitest';
import type { Inspection, Mapping } from '../../main/contract/data.ts';
import { asFound, draftOf, followsOf, kindsOf, openQuestions, readAsOf, withConfirmed, withDecision, withLook, type Draft } from './importGroups.ts';

const mapping = (names: readonly string[], asset: string | null = null): Mapping => ({
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
const look = (file: string, given: Mapping): Inspection => ({
  file,
  bytes: 1,
  mapping: given,
  decisions: [{ code: 'day-month-order', chosen: 'dmy', why: 'by the zone', alternatives: ['mdy'], isCertain: false }],
  profile: null,
  raw: [],
  findings: [],
  preview: [],
  events: [],
});
const draft = (file: string, names: readonly string[]): Draft => draftOf(look(file, mapping(names)));
const drafts = [draft('a', ['time', 'speed']), draft('b', ['time', 'speed']), draft('c', ['time', 'flow'])];
const decimalPoint: Mapping = { ...mapping(['time', 'speed']), dialect: { ...mapping([]).dialect, decimal: '.' } };

describe('an import of several files', () => {
  it('puts files that are written alike into one kind', () => {
    expect(kindsOf(drafts).map((kind) => kind.drafts.map((one) => one.inspection.file))).toEqual([['a', 'b'], ['c']]);
  });

  it('reads files that nobody changed as they are found', () => {
    expect(readAsOf(drafts)).toEqual([]);
  });

  it('takes a decision over to the files of the kind, and to no other', () => {
    const decided = withDecision(drafts, 'a', 'decimal', decimalPoint);
    expect(decided.map((one) => one.inspection.mapping.dialect.decimal)).toEqual(['.', '.', ',']);
    expect(decided.map((one) => one.isReading)).toEqual([true, false, false]);
    expect(readAsOf(decided)).toEqual([{ files: ['a', 'b'], mapping: decimalPoint }]);
  });

  it('leaves each file its own machine', () => {
    const named = withDecision(drafts, 'a', 'asset', mapping(['time', 'speed'], 'Press 7'));
    const decided = withDecision(named, 'b', 'decimal', decimalPoint);
    expect(decided.map((one) => one.inspection.mapping.asset)).toEqual(['Press 7', null, null]);
    expect(readAsOf(decided).map((group) => group.files)).toEqual([['a'], ['b']]);
  });

  it('leaves each file its own start of counted time', () => {
    const counted = (start: string): Mapping => ({ ...mapping(['t', 'speed']), timestamp: { kind: 'elapsed-s', format: `seconds since ${start}`, zone: 'UTC' } });
    const two = [draftOf(look('a', counted('2025-01-01T00:00:00Z'))), draftOf(look('b', counted('2025-02-01T00:00:00Z')))];
    expect(kindsOf(two)).toHaveLength(1);
    const decided = withDecision(two, 'a', 'decimal', { ...counted('2025-01-01T00:00:00Z'), dialect: decimalPoint.dialect });
    expect(decided.map((one) => one.inspection.mapping.timestamp.format)).toEqual(['seconds since 2025-01-01T00:00:00Z', 'seconds since 2025-02-01T00:00:00Z']);
  });

  it('leaves each file the length of its own header, unless that is decided', () => {
    const long = draftOf(look('b', { ...mapping(['time', 'speed']), dialect: { ...mapping([]).dialect, headerLines: 9, encoding: 'windows-1252' } }));
    const two = [draft('a', ['time', 'speed']), long];
    expect(withDecision(two, 'a', 'decimal', decimalPoint).map((one) => one.inspection.mapping.dialect.headerLines)).toEqual([1, 9]);
    expect(withDecision(two, 'a', 'decimal', decimalPoint)[1]?.inspection.mapping.dialect.encoding).toBe('windows-1252');
    expect(withDecision(two, 'a', 'header', { ...decimalPoint, dialect: { ...decimalPoint.dialect, headerLines: 4 } }).map((one) => one.inspection.mapping.dialect.headerLines)).toEqual([4, 4]);
  });

  it('gives columns that were found anew to the whole kind', () => {
    const cut = withDecision(drafts, 'a', 'delimiter', { ...decimalPoint, columns: [] });
    const looked = withLook(cut, 'a', look('a', mapping(['t', 'x', 'y'])));
    expect(looked.map((one) => one.inspection.mapping.columns.length)).toEqual([3, 3, 2]);
    expect(looked.map((one) => one.isReading)).toEqual([false, false, false]);
  });

  it('follows files as they were decided', () => {
    const readAs = [{ files: ['a', 'b'], mapping: decimalPoint }];
    expect(followsOf(readAs, ['b', 'c'])).toEqual([{ paths: ['b'], mapping: decimalPoint }, { paths: ['c'], mapping: null }]);
    expect(followsOf([], ['c'])).toEqual([{ paths: ['c'], mapping: null }]);
  });

  it('goes back to what was found', () => {
    expect(asFound(withDecision(drafts, 'a', 'decimal', decimalPoint), drafts[0]?.kind ?? '')).toEqual(drafts);
  });

  it('asks an open question until it is confirmed, whatever was chosen meanwhile, and then holds to the answer', () => {
    const [first] = drafts;
    const confirmed = withConfirmed(drafts, first?.kind ?? '', 'day-month-order');
    expect(drafts.map((one) => openQuestions(one).length)).toEqual([1, 1, 1]);
    expect(withDecision(drafts, 'a', 'day-month-order', decimalPoint).map((one) => openQuestions(one).length)).toEqual([1, 1, 1]);
    expect(confirmed.map((one) => openQuestions(one).length)).toEqual([0, 0, 1]);
    expect(readAsOf(confirmed).map((group) => group.files)).toEqual([['a', 'b']]);
  });
});
