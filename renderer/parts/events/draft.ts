import type { EventKind, PlantEvent } from '../../../main/contract/data.ts';
import type { Axis } from '../../../main/contract/values.ts';
import type { View } from '../../charts/view.ts';
import { placeOfText, textOfPlace } from '../../format/place.ts';

/** An event as its form holds it. */
export interface EventDraft {
  readonly kind: EventKind;
  /** A code of the plant's list for failures, else words. */
  readonly mode: string;
  readonly start: string;
  readonly end: string;
  readonly comment: string;
}

/** What a form says of an event, read: places on the axis. */
export interface ReadEvent {
  readonly kind: EventKind;
  readonly mode: string;
  readonly start: number;
  readonly end: number | null;
  readonly comment: string | null;
}

export type EventFault = 'start-missing' | 'end-unread' | 'end-before-start' | 'mode-missing';

/** An event that is changed, or a new one over a span; a span without length has no end. */
export const draftOf = (axis: Axis, zone: string, from: PlantEvent | View): EventDraft => {
  const text = (place: number): string => textOfPlace(axis, zone, place);
  if ('kind' in from) return { kind: from.kind, mode: from.mode, start: text(from.start), end: from.end === null ? '' : text(from.end), comment: from.comment ?? '' };
  return { kind: 'failure', mode: '', start: text(from.from), end: from.to > from.from ? text(from.to) : '', comment: '' };
};

/** Reads a form; what is wrong is named by field. */
export const readDraft = (axis: Axis, zone: string, draft: EventDraft): { readonly event: ReadEvent | null; readonly faults: ReadonlySet<EventFault> } => {
  const start = placeOfText(axis, zone, draft.start);
  const end = placeOfText(axis, zone, draft.end);
  const faults = new Set<EventFault>();
  if (start === null) faults.add('start-missing');
  if (end === null && draft.end.trim() !== '') faults.add('end-unread');
  if (start !== null && end !== null && end < start) faults.add('end-before-start');
  if (draft.mode.trim() === '') faults.add('mode-missing');
  if (start === null || faults.size > 0) return { event: null, faults };
  return { event: { kind: draft.kind, mode: draft.mode.trim(), start, end, comment: draft.comment.trim() === '' ? null : draft.comment.trim() }, faults };
};

/** A change that leaves a field as it was keeps the event's own place: fields show seconds, events know microseconds. */
export const withUntouched = (axis: Axis, zone: string, was: PlantEvent, draft: EventDraft, read: ReadEvent): ReadEvent => {
  const before = draftOf(axis, zone, was);
  return { ...read, start: draft.start === before.start ? was.start : read.start, end: draft.end === before.end ? was.end : read.end };
};
