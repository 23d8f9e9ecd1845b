import type { PlantEvent } from '../../../main/contract/data.ts';
import { isKey, type Translate } from '../../messages/translate.ts';

/** What an event was, in words: a verdict's finding, a failure mode with its name, or what was written. */
export const eventModeWords = (app: { readonly t: Translate; readonly modeWords: (mode: string) => string }, event: Pick<PlantEvent, 'kind' | 'mode'>): string => {
  if (event.kind !== 'verdict') return app.modeWords(event.mode);
  const key = `verdict.${event.mode}`;
  return isKey(key) ? app.t(key) : app.modeWords(event.mode);
};
