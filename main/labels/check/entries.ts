import type { PlantEvent } from '../../contract/data.ts';
import type { LabelFinding } from '../../contract/labels.ts';
import { about, lengthWords, type CheckedMachine } from './machine.ts';

const hour = 3600e6;
/** Two failures of a machine this near to each other, with no repair between, are likely one, told twice: in microseconds, in cycles. */
const TWICE_WITHIN = { time: 12 * hour, cycle: 2 } as const;
const SAME_WORK_WITHIN = { time: hour, cycle: 0 } as const;

const sameWord = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

/** Whether a repair, or the first failure's own end, lies between the two. */
const wasRepaired = (events: readonly PlantEvent[], first: PlantEvent, second: PlantEvent): boolean =>
  (first.end !== null && first.end > first.start && first.end <= second.start) ||
  events.some(({ kind, start, end }) => kind === 'maintenance' && start >= first.start && (end ?? start) <= second.start && (end ?? start) > first.start);

const doubles = ({ asset, events }: CheckedMachine): LabelFinding[] => {
  const found: LabelFinding[] = [];
  for (const kind of ['failure', 'maintenance'] as const) {
    const ofKind = events.filter((event) => event.kind === kind);
    const within = kind === 'failure' ? TWICE_WITHIN[asset.axis] : SAME_WORK_WITHIN[asset.axis];
    for (const [i, second] of ofKind.entries()) {
      const first = ofKind[i - 1];
      if (first === undefined || second.start - first.start > within) continue;
      if (kind === 'failure' ? wasRepaired(events, first, second) : !sameWord(first.mode, second.mode)) continue;
      const [entry, other] = second.id > first.id ? [second, first] : [first, second];
      const distance = second.start - first.start;
      found.push(about(entry, 'double-entry', 'warning', `another ${kind} of ${asset.name} ('${other.mode}') is ${lengthWords(asset.axis, distance)} away with no repair between: likely the same one, entered twice`, { distance, otherMode: other.mode, otherStart: other.start }, other));
    }
  }
  return found;
};

const overlaps = ({ asset, events }: CheckedMachine, twice: ReadonlySet<number>): LabelFinding[] =>
  (['failure', 'maintenance', 'mode'] as const).flatMap((kind) => {
    let longest: PlantEvent | null = null;
    return events.filter((event) => event.kind === kind).flatMap((event) => {
      const before = longest;
      if (longest === null || (event.end ?? event.start) > (longest.end ?? longest.start)) longest = event;
      const overlap = before === null ? 0 : Math.min(before.end ?? before.start, event.end ?? event.start) - event.start;
      if (before === null || overlap <= 0 || twice.has(event.id) || twice.has(before.id)) return [];
      return [about(event, 'overlap', 'warning', `it overlaps another ${kind} ('${before.mode}') by ${lengthWords(asset.axis, overlap)}`, { overlap, otherMode: before.mode, otherStart: before.start }, before)];
    });
  });

/** A plan is known before it is carried out; what breaks is not. */
const knownTooEarly = ({ asset, events }: CheckedMachine): LabelFinding[] =>
  events
    .filter(({ kind, start, knownAt }) => (kind === 'failure' || kind === 'error') && knownAt < start)
    .map((event) => about(event, 'known-before-start', event.kind === 'failure' ? 'error' : 'warning', `it was known ${lengthWords(asset.axis, event.start - event.knownAt)} before it happened`, { early: event.start - event.knownAt }));

/** What the entries say against each other: told twice, overlapping, known before they happened. */
export const entryFindings = (machine: CheckedMachine): LabelFinding[] => {
  const twice = doubles(machine);
  return [...twice, ...overlaps(machine, new Set(twice.flatMap(({ event, other }) => (other === null ? [event] : [event, other])))), ...knownTooEarly(machine)];
};
