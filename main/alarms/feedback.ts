import type { Alarm, AlarmFeedback } from '../contract/alarms.ts';
import { AppError } from '../contract/errors.ts';
import type { PlantEvent } from '../contract/data.ts';
import type { Plant } from '../store/plant.ts';
import type { Clock } from '../engine/clock.ts';

/**
 * What people found at a machine after an alarm, as events: a verdict at the reading that raised it, which takes the place of an earlier
 * one, and the failure, where they tell that it came to one; a failure that is known already is not entered twice.
 * @throws AppError('input-invalid') when a failure is told that nobody confirms
 */
export const takeFeedback = (plant: Pick<Plant, 'assets' | 'events' | 'transaction'>, clock: Clock, alarm: Alarm, { finding, mode, failedAt, comment }: AlarmFeedback): PlantEvent[] => {
  if (failedAt !== null && finding !== 'confirmed') throw new AppError('input-invalid', `a time of failure was given with the finding '${finding}'; it belongs to 'confirmed' alone`, { alarm: alarm.id, finding });
  const { asset, raisedOn } = alarm;
  // A count of cycles carries no clock.
  const knownAt = (start: number): number => (plant.assets.get(asset)?.axis === 'cycle' ? start : clock.now());
  const found = mode === null ? comment : [mode, comment].filter((text) => text !== null).join(': ');
  return plant.transaction(() => {
    for (const old of plant.events.list({ asset, kind: 'verdict' })) if (old.start === raisedOn && old.mode !== finding) plant.events.remove(old.id);
    const known = plant.events.list({ asset, kind: 'failure' }).some(({ start }) => start === failedAt);
    return plant.events.add([
      { asset, kind: 'verdict', mode: finding, start: raisedOn, end: null, knownAt: knownAt(raisedOn), comment: found },
      ...(failedAt === null || known ? [] : [{ asset, kind: 'failure' as const, mode: mode ?? 'UNK', start: failedAt, end: null, knownAt: knownAt(failedAt), comment }]),
    ]);
  });
};
