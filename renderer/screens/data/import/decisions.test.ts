import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../../../main/contract/data.ts';
import { translator } from '../../../messages/translate.ts';
import { decided, decisionsOf, inOrder, optionsOf, orderOf, valueOf } from './decisions.ts';

const mapping: Mapping = {
  version: 1,
  layout: 'wide',
  dialect: { delimiter: ';', decimal: ',', quote: '"', encoding: 'utf-8', headerLines: 1 },
  timestamp: { kind: 'pattern', format: 'dd/MM/yyyy HH:mm:ss', zone: 'Europe/Berlin' },
  columns: [{ index: 0, name: 'Zeit', role: 'time', unit: null, unitAsWritten: null, why: '' }],
  asset: null,
  machineType: null,
  axis: 'time',
  missingCodes: [],
};

describe('the order of a date', () => {
  it('is read from the pattern', () => {
    expect(['dd/MM/yyyy HH:mm', 'M-d-yy h:mm a', 'yyyy-MM-dd', "dd MMM yyyy", 'HH:mm:ss', "d'd'M.yyyy"].map(orderOf)).toEqual(['dmy', 'mdy', 'ymd', null, null, 'dmy']);
  });

  it('is changed in place: marks and widths stay', () => {
    expect(inOrder('dd/MM/yyyy HH:mm:ss', 'mdy')).toBe('MM/dd/yyyy HH:mm:ss');
    expect(inOrder('d.M.yy H:mm', 'ymd')).toBe('yy.d.M H:mm'.replace('d.M', 'M.d'));
    expect(inOrder(inOrder('dd/MM/yyyy', 'mdy'), 'dmy')).toBe('dd/MM/yyyy');
    expect(inOrder('MMM d yyyy', 'dmy')).toBe('MMM d yyyy');
  });
});

describe('decisions', () => {
  it('come from the mapping, with the reasons that the engine gives', () => {
    const rows = decisionsOf({ mapping, decisions: [{ code: 'day-month-order', chosen: 'dmy', why: 'by the zone', alternatives: ['mdy'], isCertain: false }] });
    expect(rows.find(({ code }) => code === 'day-month-order')).toEqual({ code: 'day-month-order', value: 'dmy', taken: 'dmy', why: 'by the zone', alternatives: ['mdy'], isCertain: false });
    expect(rows.find(({ code }) => code === 'decimal')).toMatchObject({ value: ',', why: '', isCertain: true });
  });

  it('are not asked where they make no sense', () => {
    const codes = (given: Mapping): string[] => decisionsOf({ mapping: given, decisions: [] }).map(({ code }) => code);
    expect(codes({ ...mapping, timestamp: { kind: 'epoch-s', format: '', zone: 'UTC' } })).not.toContain('day-month-order');
    expect(codes({ ...mapping, axis: 'cycle' })).not.toContain('zone');
    expect(codes({ ...mapping, layout: 'events' })).not.toContain('decimal');
  });

  it('change one thing of the mapping each', () => {
    expect(decided(mapping, 'decimal', '.').dialect).toEqual({ ...mapping.dialect, decimal: '.' });
    expect(decided(mapping, 'decimal', '.').columns).toEqual(mapping.columns);
    expect(decided(mapping, 'day-month-order', 'mdy').timestamp.format).toBe('MM/dd/yyyy HH:mm:ss');
    expect(decided(mapping, 'asset', ' Press 7 ').asset).toBe('Press 7');
    expect(decided(mapping, 'asset', ' ').asset).toBeNull();
    expect(decided(mapping, 'missing-codes', '-9999 32767,5').missingCodes).toEqual([-9999, 32767.5]);
    expect(decided(mapping, 'quote', '').dialect.quote).toBeNull();
    expect(decided({ ...mapping, axis: 'cycle', timestamp: { kind: 'none', format: 'record number', zone: 'UTC' } }, 'axis', 'time')).toMatchObject({ axis: 'time', timestamp: { kind: 'interval', format: 'every 1 s since 1970-01-01T00:00:00Z' } });
    expect(decided(mapping, 'axis', 'cycle')).toMatchObject({ axis: 'cycle', timestamp: { kind: 'none' } });
    expect(decided(mapping, 'time-form', 'cycle')).toMatchObject({ axis: 'cycle', timestamp: { kind: 'cycle' } });
  });

  it('find the columns anew where lines are cut otherwise', () => {
    expect(decided(mapping, 'delimiter', '\t').columns).toEqual([]);
    expect(decided(mapping, 'header', '7').columns).toEqual([]);
    expect(decided(mapping, 'header', 'seven')).toBe(mapping);
  });

  it('offer what is taken first, each once', () => {
    const t = translator('en');
    const values = optionsOf(t, { code: 'encoding', value: 'UTF-8', alternatives: ['gb18030'] })?.map(({ value }) => value);
    expect(values?.slice(0, 2)).toEqual(['UTF-8', 'gb18030']);
    expect(values?.filter((value) => value.toLowerCase() === 'utf-8')).toEqual(['UTF-8']);
    expect(optionsOf(t, { code: 'zone', value: 'UTC', alternatives: [] })).toBeNull();
    expect(valueOf(mapping, 'time-columns')).toBe('Zeit');
  });
});
