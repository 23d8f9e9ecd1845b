/** What ends or begins a life: a failure, or work that makes the machine as new. `end` null: not known (yet). */
export interface LifeEvent {
  readonly kind: 'failure' | 'maintenance';
  readonly start: number;
  readonly end: number | null;
}

/** One run of a machine between two restarts of its life, in positions of its axis. */
export interface Life {
  readonly start: number;
  /** Where it ended; for a life that goes on, the newest reading. */
  readonly end: number;
  readonly ended: 'failure' | 'maintenance' | 'not-yet';
  /** Position of the failure, where one is known: at `end`, or later when the readings stop before it. */
  readonly failureAt: number | null;
}

export interface Lives {
  /** In order; they never overlap. */
  readonly lives: readonly Life[];
  /** Since when the machine is down: it failed, and no repair is known by the newest reading. */
  readonly downSince: number | null;
}

/** Failed lives that learning needs: one or more to validate on, and more than one to learn from. */
export const FAILURES_NEEDED = 5;
/**
 * Failed lives from which on a forecast may be relied on: the 90 % intervals need nine that were not learned from (the rank ceil(0.9 (n + 1))
 * lies within n), and where all of twelve are caught, at least four in five will be (0.05^(1/12) = 0.78; 95 % confidence).
 */
export const FAILURES_WANTED = 12;

/** A maintenance that begins within this time of a failure is its repair; a failure without one counts as repaired at once after it. */
const REPAIR_WITHIN_MICROS = 24 * 3600 * 1e6;

interface Walk {
  readonly lives: Life[];
  /** Start of the life that goes on. */
  start: number;
  /** The failure that still waits for its repair, or null. */
  failedAt: number | null;
}

const takeFailure = (walk: Walk, event: LifeEvent, last: number): void => {
  walk.lives.push({ start: walk.start, end: Math.min(event.start, last), ended: 'failure', failureAt: event.start });
  walk.start = event.end ?? event.start;
  walk.failedAt = event.end === null ? event.start : null;
};

const takeMaintenance = (walk: Walk, event: LifeEvent, repairWithin: number): void => {
  const restart = event.end ?? event.start;
  const repairs = walk.failedAt !== null && event.start - walk.failedAt <= repairWithin;
  if (!repairs && event.start > walk.start) walk.lives.push({ start: walk.start, end: event.start, ended: 'maintenance', failureAt: null });
  walk.start = Math.max(walk.start, restart);
  walk.failedAt = null;
};

/**
 * Cuts the readings [first, last] of one machine into lives at failures and maintenance: a maintenance before the failure ends
 * the life as censored, the time between a failure and the end of its repair belongs to no life.
 * @param events in any order; failures after `last` are taken as the known end of the newest life, maintenance after it is ignored
 * @param axis a repair's delay is judged in time only; on a cycle axis a failure ends the machine unless its event has an end
 */
export const livesOf = (events: readonly LifeEvent[], first: number, last: number, axis: 'time' | 'cycle'): Lives => {
  const repairWithin = axis === 'time' ? REPAIR_WITHIN_MICROS : 0;
  const walk: Walk = { lives: [], start: first, failedAt: null };
  const rank = { failure: 0, maintenance: 1 };
  for (const event of [...events].sort((a, b) => a.start - b.start || rank[a.kind] - rank[b.kind])) {
    const restart = event.end ?? event.start;
    if (event.start < walk.start) {
      // Within the downtime before this life, or before the first reading: it can only delay the start.
      walk.start = Math.max(walk.start, restart);
      if (event.kind === 'maintenance') walk.failedAt = null;
    } else if (event.kind === 'maintenance') {
      if (event.start <= last) takeMaintenance(walk, event, repairWithin);
    } else if (walk.start <= last) {
      takeFailure(walk, event, last);
      if (event.start > last) return { lives: walk.lives, downSince: null };
    }
  }
  const down = walk.failedAt !== null && (axis === 'cycle' || last - walk.failedAt <= repairWithin);
  if (down) return { lives: walk.lives, downSince: walk.failedAt };
  if (walk.start <= last) walk.lives.push({ start: walk.start, end: last, ended: 'not-yet', failureAt: null });
  return { lives: walk.lives, downSince: null };
};
