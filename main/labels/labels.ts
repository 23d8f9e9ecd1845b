import type { PlantEvent } from '../contract/data.ts';
import { AppError } from '../contract/errors.ts';
import type { FailureMode, LabelFinding } from '../contract/labels.ts';
import type { AssetId, EventId } from '../contract/values.ts';
import type { Plant } from '../store/plant.ts';
import { checkLabels } from './check/check.ts';
import { shippedModes } from './modes.ts';

export type LabelStore = Pick<Plant, 'assets' | 'sensors' | 'series' | 'events' | 'failureModes' | 'audit' | 'transaction'>;
export type EventChange = Pick<PlantEvent, 'kind' | 'mode' | 'start' | 'end' | 'comment'>;

/** Events as labels: the list of failure modes, changes by hand, and what makes a label doubtful. */
export interface Labels {
  check(asset: AssetId | null, signal?: AbortSignal): Promise<LabelFinding[]>;
  modes(): FailureMode[];
  /** Replaces the list. @throws AppError('input-invalid') for a code that is there twice, 'state-conflict' when a mode that events have is left out */
  changeModes(modes: readonly FailureMode[]): FailureMode[];
  /** @param actor who does it, for the audit trail @throws AppError('not-found' | 'state-conflict' | 'input-invalid') */
  changeEvent(id: EventId, change: EventChange, actor: string): PlantEvent;
  /** @throws AppError('not-found') */
  removeEvent(id: EventId, reason: string, actor: string): PlantEvent;
}

export const createLabels = (plant: LabelStore): Labels => {
  const modes = (): FailureMode[] => {
    const own = plant.failureModes.list();
    return own.length > 0 ? own : [...shippedModes];
  };
  const eventOf = (id: EventId): PlantEvent => {
    const event = plant.events.get(id);
    if (event === undefined) throw new AppError('not-found', `there is no event ${id}`, { event: id });
    return event;
  };
  return {
    check: (asset, signal) => checkLabels(plant, modes(), asset, signal),
    modes,
    changeModes: (list) => {
      const codes = new Set<string>();
      for (const { code } of list) {
        if (codes.has(code)) throw new AppError('input-invalid', `the mode ${code} stands twice in the list; give each code once`, { code });
        codes.add(code);
      }
      if (list.length === 0) throw new AppError('input-invalid', 'the list of modes is empty; at least one is needed');
      const used = new Set(plant.events.list({ kind: 'failure' }).map(({ mode }) => mode));
      const dropped = modes().find(({ code }) => !codes.has(code) && used.has(code));
      if (dropped !== undefined) throw new AppError('state-conflict', `failures have the mode ${dropped.code} (${dropped.en}), so it can't be dropped; take it out of use instead`, { code: dropped.code });
      plant.transaction(() => plant.failureModes.replace(list));
      return modes();
    },
    changeEvent: (id, change, actor) => {
      const before = eventOf(id);
      if (change.end !== null && change.end < change.start) throw new AppError('input-invalid', 'the end of the event lies before its start; give an end at or after it', { start: change.start, end: change.end });
      return plant.transaction(() => {
        const after = plant.events.change(id, change);
        plant.audit.append({ actor, act: 'event-changed', subject: `event ${id}`, details: { before, after } });
        return after;
      });
    },
    removeEvent: (id, reason, actor) => {
      const before = eventOf(id);
      return plant.transaction(() => {
        plant.events.remove(id);
        plant.audit.append({ actor, act: 'event-removed', subject: `event ${id}`, details: { before, reason } });
        return before;
      });
    },
  };
};
