import type { Axis } from '../../main/contract/values.ts';
import { numberOf } from './entry.ts';
import { fieldOfMoment, momentOfField } from './time.ts';

/** A place on an axis as a field shows it. */
export const textOfPlace = (axis: Axis, zone: string, place: number): string => (axis === 'time' ? fieldOfMoment(zone, place) : String(Math.round(place)));

/** The place that a field's text names; null where it is empty or none. */
export const placeOfText = (axis: Axis, zone: string, text: string): number | null => {
  if (text.trim() === '') return null;
  const place = axis === 'time' ? momentOfField(zone, text) : numberOf(text);
  return place !== null && Number.isFinite(place) ? place : null;
};
