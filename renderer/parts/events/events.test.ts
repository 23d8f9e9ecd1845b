import { describe, expect, it } from 'vitest';
import type { PlantEvent } from '../../../main/contract/data.ts';
import type { FailureMode, LabelFinding } from '../../../main/contract/labels.ts';
import { AssetId, EventId } from '../../../main/contract/values.ts';
import { labelFindingWords } from '../../format/labels.ts';
import { createShow } from '../../format/show.ts';
import { HOUR } from '../../format/time.ts';
import { translator } from '../../messages/translate.ts';
import { draftOf, readDraft, withUntouched } from './draft.ts';
import { matchingModes } from './modes.ts';

const zone = 'Europe/Berlin';
const at = (text: string): number => Date.parse(text) * 1000;
const event: PlantEvent = { id: EventId.parse(1), asset: AssetId.parse(1), assetName: 'P-1', kind: 'failure', mode: 'BRD', start: at('2025-07-01T10:00:00Z') + 250_000, end: null, knownAt: 0, comment: null };

describe('an event in its form', () => {
  it('is made of a dragged span; a click has no end', () => {
    const span = draftOf('time', zone, { from: at('2025-07-01T10:00:00Z'), to: at('2025-07-01T12:00:00Z') });
    expect([span.start, span.end]).toEqual(['2025-07-01T12:00:00', '2025-07-01T14:00:00']);
    expect(draftOf('cycle', zone, { from: 12, to: 12 })).toMatchObject({ start: '12', end: '' });
  });

  it('is read back, and says what is missing', () => {
    const draft = { ...draftOf('time', zone, { from: at('2025-07-01T10:00:00Z'), to: at('2025-07-01T12:00:00Z') }), mode: ' VIB ', comment: ' ' };
    expect(readDraft('time', zone, draft).event).toEqual({ kind: 'failure', mode: 'VIB', start: at('2025-07-01T10:00:00Z'), end: at('2025-07-01T12:00:00Z'), comment: null });
    expect([...readDraft('time', zone, { ...draft, mode: '', start: '', end: 'x' }).faults]).toEqual(['start-missing', 'end-unread', 'mode-missing']);
    expect([...readDraft('cycle', zone, { ...draft, start: '9', end: '3' }).faults]).toEqual(['end-before-start']);
  });

  it('keeps the microseconds of a place that was not touched', () => {
    const draft = { ...draftOf('time', zone, event), mode: 'VIB' };
    const { event: read } = readDraft('time', zone, draft);
    expect(read?.start).not.toBe(event.start);
    expect(read === null ? null : withUntouched('time', zone, event, draft, read).start).toBe(event.start);
  });
});

describe('failure modes', () => {
  const mode = (code: string, en: string, zh: string, isInUse = true): FailureMode => ({ code, en, zh, origin: 'iso-14224', isInUse });
  const modes = [mode('BRD', 'Breakdown', '损坏停机'), mode('OHE', 'Overheating', '过热'), mode('HEA', 'Broken heater', '加热器损坏'), mode('OLD', 'Old', '旧', false)];
  const found = (search: string, chosen = ''): string[] => matchingModes(modes, search, chosen).map((one) => one.code);

  it('are found in either language, codes that begin so first', () => {
    expect(found('损坏')).toEqual(['BRD', 'HEA']);
    expect(found('he')).toEqual(['HEA', 'OHE']);
    expect(found('')).toEqual(['BRD', 'OHE', 'HEA']);
  });

  it('out of use are offered where they are chosen already', () => {
    expect(found('', 'OLD')).toContain('OLD');
  });
});

describe('what is doubtful about a label', () => {
  const finding = (code: LabelFinding['code'], details: LabelFinding['details']): LabelFinding => ({ code, severity: 'warning', event: event.id, other: null, asset: event.asset, assetName: 'P-1', kind: 'failure', mode: 'BRD', start: event.start, details, message: '' });
  const said = (language: 'en' | 'zh', one: LabelFinding): string => labelFindingWords(translator(language), createShow(language, zone), (mode) => mode, 'time', one);

  it('is a sentence with its figures', () => {
    expect(said('en', finding('double-entry', { distance: 3 * HOUR, otherMode: 'VIB', otherStart: at('2025-07-01T07:00:00Z') }))).toBe('Likely entered twice: Failure “VIB” of 1 Jul 2025, 09:00 is 3 hours away with no repair between.');
    expect(said('zh', finding('after-last-reading', { late: 5 * HOUR }))).toBe('晚于最后一个读数 5 小时。');
    expect(said('en', finding('unknown-mode', { suggestion: null }))).toBe('“BRD” is not in the list of failure modes.');
  });
});
