import type { FailureMode, LabelFinding } from '../../contract/labels.ts';
import { nearestMode } from '../modes.ts';
import { about, type CheckedMachine } from './machine.ts';

/** Failures whose mode is a word that the plant's list lacks: the word stays, the nearest mode is told. */
export const modeFindings = ({ events }: CheckedMachine, modes: readonly FailureMode[]): LabelFinding[] => {
  const known = new Set(modes.map(({ code }) => code));
  return events.filter(({ kind, mode }) => kind === 'failure' && !known.has(mode)).map((event) => {
    const near = nearestMode(event.mode, modes)?.mode ?? null;
    const meant = near === null ? 'none in it is near' : `the nearest is ${near.code} (${near.en})`;
    return about(event, 'unknown-mode', 'note', `'${event.mode}' is not in the list of failure modes; ${meant}`, { suggestion: near?.code ?? null, suggestionEn: near?.en ?? null, suggestionZh: near?.zh ?? null });
  });
};
