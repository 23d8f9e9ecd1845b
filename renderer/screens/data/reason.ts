import type { QuarantineCount } from '../../../main/contract/data.ts';
import { isKey, type Translate } from '../../messages/translate.ts';

/** Why a row was set aside, in words; a code that has none as it is. */
export const reasonWords = (t: Translate, code: string): string => {
  const key = `quarantineReason.${code}`;
  return isKey(key) ? t(key) : code;
};

/** Rows set aside by file or by reason, the most first: those of the other that is given, or of all where it is ''. */
export const tally = (counts: readonly QuarantineCount[], by: 'file' | 'reason', given: string): readonly (readonly [string, number])[] => {
  const sums = new Map<string, number>();
  const other = by === 'file' ? 'reason' : 'file';
  for (const count of counts) if (given === '' || count[other] === given) sums.set(count[by], (sums.get(count[by]) ?? 0) + count.rows);
  return [...sums].toSorted((a, b) => b[1] - a[1]);
};
