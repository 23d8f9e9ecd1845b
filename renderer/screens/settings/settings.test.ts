import { describe, expect, it } from 'vitest';
import type { FailureMode } from '../../../main/contract/labels.ts';
import { faultsOf } from './modes/modeList.ts';
import { moved, USUAL_RULE } from './stored/rules.ts';

const mode = (code: string, en = 'Name', zh = '名称'): FailureMode => ({ code, en, zh, origin: 'plant', isInUse: true });

describe('a list of failure modes', () => {
  it('may be saved when every mode has a code of its own and two names', () => {
    expect(faultsOf([mode('BRD'), mode('VIB')]).size).toBe(0);
    expect([...faultsOf([mode('BRD'), mode('no good'), mode('BRD'), mode('VIB', ' ')])]).toEqual([[1, 'code-bad'], [2, 'code-twice'], [3, 'name-missing']]);
  });
});

describe('rules of retention', () => {
  const rules = [1, 2, 3].map((keepDays) => ({ ...USUAL_RULE, keepDays }));
  it('change places, and stay at the ends', () => {
    expect(moved(rules, 2, -1).map((rule) => rule.keepDays)).toEqual([1, 3, 2]);
    expect(moved(rules, 0, -1)).toBe(rules);
    expect(moved(rules, 2, 1)).toBe(rules);
  });
});
