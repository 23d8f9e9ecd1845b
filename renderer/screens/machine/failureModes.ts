import { isKey, type Translate } from '../../messages/translate.ts';

/** Failure modes of rotating equipment, ISO 14224. */
export const FAILURE_MODES = ['AIR', 'BRD', 'ELP', 'ELU', 'ERO', 'FTS', 'STP', 'HIO', 'LOO', 'INL', 'NOI', 'OHE', 'PDE', 'PLU', 'SER', 'STD', 'UST', 'VIB', 'OTH', 'UNK'] as const;

/** A mode's code with its words, where it is one of the standard's; else as it was written. */
export const modeWords = (t: Translate, mode: string): string => {
  const key = `failureMode.${mode}`;
  return isKey(key) ? `${mode} · ${t(key)}` : mode;
};
