import type { PlantEvent } from '../../contract/data.ts';
import type { FailureMode, LabelFinding } from '../../contract/labels.ts';
import { nearestMode } from '../modes.ts';
import { about, type CheckedMachine } from './machine.ts';

/** Failure modes that the plant's list lacks, each told at the first event that has it: the word stays, the nearest mode is told. */
export const modeFindings = (machines: readonly CheckedMachine[], modes: readonly FailureMode[]): LabelFinding[] => {
  const known = new Set(modes.map(({ code }) => code));
  const words = new Map<string, PlantEvent[]>();
  for (const event of machines.flatMap(({ events }) => events)) {
    if (event.kind !== 'failure' || known.has(event.mode)) continue;
    words.set(event.mode, [...(words.get(event.mode) ?? []), event]);
  }
  return [...words].flatMap(([word, events]) => {
    const [first] = events;
    const near = nearestMode(word, modes)?.mode ?? null;
    const meant = near === null ? 'none in it is near' : `the nearest is ${near.code} (${near.en})`;
    const count = events.length === 1 ? '1 failure' : `${events.length} failures`;
    return first === undefined ? [] : [about(first, 'unknown-mode', 'note', `'${word}' (${count}) is not in the list of failure modes; ${meant}`, { events: events.length, suggestion: near?.code ?? null, suggestionEn: near?.en ?? null, suggestionZh: near?.zh ?? null })];
  });
};
