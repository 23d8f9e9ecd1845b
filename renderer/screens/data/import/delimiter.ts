import type { Key, Translate } from '../../../messages/translate.ts';

const NAMES: Readonly<Record<string, Key>> = { ',': 'delimiter.comma', ';': 'delimiter.semicolon', '\t': 'delimiter.tab', '\\s+': 'delimiter.blanks', ' ': 'delimiter.blanks', '|': 'delimiter.pipe' };

/** A delimiter in a word: a tab can't be seen otherwise. */
export const delimiterWords = (t: Translate, delimiter: string): string => {
  if (delimiter.startsWith('fixed')) return t('delimiter.fixed');
  const key = NAMES[delimiter];
  return key === undefined ? t('delimiter.other', { mark: delimiter }) : t(key);
};
