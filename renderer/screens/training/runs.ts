import type { Run } from '../../../main/contract/training.ts';

export const isUnderWay = (run: Run): boolean => run.state === 'freezing' || run.state === 'training' || run.state === 'evaluating';

/** Those under way first, then the newest. */
export const inOrder = (runs: readonly Run[]): readonly Run[] => runs.toSorted((a, b) => Number(isUnderWay(b)) - Number(isUnderWay(a)) || b.startedAt - a.startedAt);
