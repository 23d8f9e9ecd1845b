import { describe, expect, it } from 'vitest';
import { healthRule, holds, likelyRule, nearRule, priorityOf, sideOf, type Sample } from './rules.ts';

const minute = 60e6;

/** Feeds a value a minute and tells when the condition changed. */
const run = (values: readonly (number | null)[]): string[] => {
  const samples: Sample[] = [];
  const changes: string[] = [];
  let was = false;
  values.forEach((value, i) => {
    samples.unshift({ at: i * minute, value });
    const next = holds(healthRule, samples, was, i * minute) ?? was;
    if (next !== was) changes.push(`${next ? 'raised' : 'cleared'}@${i}`);
    was = next;
  });
  return changes;
};

describe('limits, deadband and delays', () => {
  it('raise only after the condition was true for the on-delay', () => {
    expect(run([...Array<number>(5).fill(80), ...Array<number>(30).fill(30)])).toEqual(['raised@15']);
    expect(run([80, ...Array<number>(9).fill(30), 80, ...Array<number>(9).fill(30), 80])).toEqual([]);
  });

  it('make one alarm of a value that swings about the limit', () => {
    const swinging = Array.from({ length: 600 }, (_, i) => 40 + 6 * Math.sin(i / 9));
    expect(run(swinging)).toEqual([expect.stringMatching(/^raised/)]);
  });

  it('clear after the off-delay and raise again when it is bad again', () => {
    const values = [...Array<number>(20).fill(30), ...Array<number>(40).fill(90), ...Array<number>(20).fill(30)];
    expect(run(values)).toEqual(['raised@10', 'cleared@50', 'raised@70']);
  });

  it('stay as they are where nothing is known', () => {
    expect(run([...Array<number>(20).fill(30), ...Array<null>(500).fill(null)])).toEqual(['raised@10']);
  });

  it('pass by time alone: no new reading, and the delay is over', () => {
    const samples = [{ at: 0, value: 30 }];
    expect(holds(healthRule, samples, false, 9 * minute)).toBe(false);
    expect(holds(healthRule, samples, false, 10 * minute)).toBe(true);
  });

  it('know which side is bad', () => {
    expect(sideOf(likelyRule(0.5), 0.6)).toBe('bad');
    expect(sideOf(likelyRule(0.5), 0.45)).toBe('between');
    expect(sideOf(nearRule('cycles'), 24)).toBe('bad');
    expect(priorityOf(nearRule('hours'), 6)).toBe('high');
    expect(priorityOf(nearRule('hours'), 40)).toBe('medium');
  });
});
