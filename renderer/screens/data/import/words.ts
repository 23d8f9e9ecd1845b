import type { Column, Finding } from '../../../../main/contract/data.ts';
import { isKey, type Translate } from '../../../messages/translate.ts';
import type { Decided } from './decisions.ts';

interface Speaker {
  readonly t: Translate;
  readonly show: { readonly language: string };
}

/** Why something was decided: the engine's own sentence, which names what it saw, in English; our words for its kind in other languages. */
export const decisionReason = ({ t, show }: Speaker, { code, why }: Decided): string => (show.language === 'en' && why !== '' ? why : t(`decisionWhy.${code}`));

/** Why a column has its role. */
export const roleReason = ({ t, show }: Speaker, { role, why }: Column): string => (show.language === 'en' && why !== '' ? why : t(`roleWhy.${role}`));

/** What was noted about a file. */
export const findingWords = ({ t, show }: Speaker, { code, message }: Finding): string => {
  const key = `finding.${code}`;
  return show.language !== 'en' && isKey(key) ? t(key) : message;
};
