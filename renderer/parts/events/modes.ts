import type { FailureMode } from '../../../main/contract/labels.ts';

/**
 * The modes that can be chosen: in use (or the one that is chosen already), with every searched word in the code or in either
 * name; a mode whose code begins with the search comes first.
 */
export const matchingModes = (modes: readonly FailureMode[], search: string, chosen: string): readonly FailureMode[] => {
  const wanted = search.trim().toLocaleLowerCase();
  const words = wanted.split(/\s+/);
  const isFirst = (mode: FailureMode): boolean => wanted !== '' && mode.code.toLocaleLowerCase().startsWith(wanted);
  return modes
    .filter((mode) => mode.isInUse || mode.code === chosen)
    .filter((mode) => words.every((word) => `${mode.code} ${mode.en} ${mode.zh}`.toLocaleLowerCase().includes(word)))
    .toSorted((a, b) => Number(isFirst(b)) - Number(isFirst(a)));
};
