import { FailureMode } from '../../../../main/contract/labels.ts';

export type ModeFault = 'code-bad' | 'code-twice' | 'name-missing';

/** What is wrong with a list of modes, by the place in it. */
export const faultsOf = (modes: readonly FailureMode[]): ReadonlyMap<number, ModeFault> => {
  const faults = new Map<number, ModeFault>();
  const seen = new Set<string>();
  modes.forEach((mode, index) => {
    if (!FailureMode.shape.code.safeParse(mode.code).success) faults.set(index, 'code-bad');
    else if (seen.has(mode.code)) faults.set(index, 'code-twice');
    else if (mode.en.trim() === '' || mode.zh.trim() === '') faults.set(index, 'name-missing');
    seen.add(mode.code);
  });
  return faults;
};
