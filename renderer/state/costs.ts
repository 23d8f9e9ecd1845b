import { z } from 'zod';
import type { Costs } from '../../ml/documents/costs.ts';

export const COST_NAMES = ['miss', 'falseAlarm', 'replacement', 'early'] as const satisfies readonly (keyof Costs)[];
export type CostName = (typeof COST_NAMES)[number];
/** As typed; empty: not told yet. */
export type TypedCosts = Readonly<Record<CostName, string>>;

const KEY = 'costs';
const Stored = z.object({ miss: z.string(), falseAlarm: z.string(), replacement: z.string(), early: z.string() });
export const NO_COSTS: TypedCosts = { miss: '', falseAlarm: '', replacement: '', early: '' };

/** What the plant's people typed last on this computer. */
export const rememberedCosts = (storage: Pick<Storage, 'getItem'>): TypedCosts => {
  const text = storage.getItem(KEY);
  if (text === null) return NO_COSTS;
  try {
    const parsed = Stored.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : NO_COSTS;
  } catch {
    // What an older window kept is typed anew.
    return NO_COSTS;
  }
};

export const rememberCosts = (storage: Pick<Storage, 'setItem'>, costs: TypedCosts): void => storage.setItem(KEY, JSON.stringify(costs));

/** The costs as numbers, once all are told and none is below 0; null until then. A comma is a decimal point. */
export const costsOf = (typed: TypedCosts): Costs | null => {
  const numbers = COST_NAMES.map((name) => (typed[name].trim() === '' ? NaN : Number(typed[name].trim().replace(',', '.'))));
  const [miss = NaN, falseAlarm = NaN, replacement = NaN, early = NaN] = numbers;
  return numbers.every((value) => Number.isFinite(value) && value >= 0) ? { miss, falseAlarm, replacement, early } : null;
};
