import type { RetentionRule } from '../../../../main/contract/storage.ts';

/** A rule that keeps a year in full and then a mean, lowest and highest a minute, for every sensor: what most plants want. */
export const USUAL_RULE: RetentionRule = { asset: null, sensor: null, keepDays: 365, thenEverySeconds: 60, keepThinnedDays: null };

/** The list with the rule at `index` moved by one place; the first that fits holds, so their order matters. */
export const moved = (rules: readonly RetentionRule[], index: number, by: -1 | 1): readonly RetentionRule[] => {
  const to = index + by;
  const [rule, other] = [rules[index], rules[to]];
  if (rule === undefined || other === undefined) return rules;
  return rules.map((one, at) => (at === index ? other : at === to ? rule : one));
};
