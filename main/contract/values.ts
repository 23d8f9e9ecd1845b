import { z } from 'zod';
import { Axis } from '../../ml/documents/task.ts';

/** Microseconds since 1970-01-01T00:00:00Z. Whole numbers; exact in a double until the year 2255. */
export const Micros = z.int().brand<'Micros'>();
export type Micros = z.infer<typeof Micros>;

/** A place on the axis of a series: microseconds since 1970 (axis time) or a cycle count (axis cycle). */
export const Position = z.number();
export type Position = z.infer<typeof Position>;

export const AssetId = z.int().positive().brand<'AssetId'>();
export type AssetId = z.infer<typeof AssetId>;
export const SensorId = z.int().positive().brand<'SensorId'>();
export type SensorId = z.infer<typeof SensorId>;
export const SourceId = z.int().positive().brand<'SourceId'>();
export type SourceId = z.infer<typeof SourceId>;
export const EventId = z.int().positive().brand<'EventId'>();
export type EventId = z.infer<typeof EventId>;
export const JobId = z.int().positive().brand<'JobId'>();
export type JobId = z.infer<typeof JobId>;
export const AlarmId = z.int().positive().brand<'AlarmId'>();
export type AlarmId = z.infer<typeof AlarmId>;
export const ScheduleId = z.int().positive().brand<'ScheduleId'>();
export type ScheduleId = z.infer<typeof ScheduleId>;
/** Also the name of the run's folder: letters, digits and hyphens only, so that it can never leave it. */
export const RunId = z.string().regex(/^[a-z0-9-]{1,64}$/).brand<'RunId'>();
export type RunId = z.infer<typeof RunId>;
export const ModelId = z.string().regex(/^[a-z0-9-]{1,64}$/).brand<'ModelId'>();
export type ModelId = z.infer<typeof ModelId>;

/** An IANA time zone that this machine's ICU knows. */
export const Zone = z.string().min(1).refine((name) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}, 'not a time zone known here; expected a name such as Europe/Berlin');
export type Zone = z.infer<typeof Zone>;

export { Axis };

/** The present moment as the given milliseconds clock tells it. */
export const microsOf = (milliseconds: number): Micros => Micros.parse(Math.round(milliseconds * 1000));
