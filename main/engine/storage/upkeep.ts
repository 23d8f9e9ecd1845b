import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { RetentionKeeper } from '../../api/parts.ts';
import { AppError } from '../../contract/errors.ts';
import { Micros } from '../../contract/values.ts';
import type { Plant } from '../../store/plant.ts';
import type { Clock } from '../clock.ts';
import type { Jobs } from '../jobs.ts';
import type { Log } from '../log.ts';
import type { Backups } from './backups.ts';
import type { StorageMonitor } from './monitor.ts';
import { moveSetAside } from './setaside.ts';

export interface UpkeepParts {
  readonly plant: Plant;
  readonly clock: Clock;
  readonly log: Log;
  readonly jobs: Jobs;
  readonly monitor: StorageMonitor;
  readonly backups: Backups;
  readonly retention: RetentionKeeper;
}

const DAY = 86_400e6;
/** The first look comes when the window is up and has what it shows. */
const FIRST_LOOK_MS = 3000;
/** A look takes a tenth of the time, the plant's own work the rest. */
const LOOK_MS = 10;
const REST_MS = 90;
/** Backups and retention wait until the start's own work is over. */
const FIRST_UPKEEP_MS = 10 * 60_000;
const UPKEEP_EVERY_MS = 15 * 60_000;

const assertGoesOn = (signal: AbortSignal): void => {
  if (signal.aborted) throw AppError.of(signal.reason);
};

/** Looks at every page and checksum, a little at a time. @returns what is wrong */
const lookSlowly = async (plant: Plant, extent: 'quick' | 'whole', signal: AbortSignal): Promise<string[]> => {
  const problems: string[] = [];
  let since = performance.now();
  for (const _ of plant.look(extent, problems)) {
    if (performance.now() - since < LOOK_MS) continue;
    await pause(REST_MS);
    assertGoesOn(signal);
    since = performance.now();
  }
  return problems;
};

/** What a plant that lasts needs by itself: looks for damage, a backup a day, the rules for old readings. @returns ends it */
export const startUpkeep = (parts: UpkeepParts): (() => Promise<void>) => {
  const { plant, clock, log, jobs, monitor, backups, retention } = parts;
  const ending = new AbortController();
  const { signal } = ending;

  const look = async (): Promise<void> => {
    await pause(FIRST_LOOK_MS, undefined, { signal });
    // After an end that was none (power, a crash) what is small or new is looked at before all the rest.
    if (plant.wasCut) monitor.looked({ at: clock.now(), extent: 'quick', problems: await lookSlowly(plant, 'quick', signal) });
    monitor.looked({ at: clock.now(), extent: 'whole', problems: await lookSlowly(plant, 'whole', signal) });
  };

  const dueSince = (at: number | null | undefined): boolean => at === null || at === undefined || clock.now() - at >= DAY;
  const isQuiet = (): boolean => monitor.state().state === 'ok' && !jobs.list(20).some(({ state, kind }) => state === 'running' && kind !== 'demo');
  const keepUp = async (): Promise<void> => {
    if (!isQuiet()) return;
    if (dueSince(plant.upkeep.get('backup', z.strictObject({ at: Micros }))?.at) && plant.sensors.list().length > 0) {
      plant.upkeep.set('backup', { at: clock.now() });
      await jobs.ended(jobs.start({ kind: 'backup', subject: 'daily', unit: 'steps', request: {} }, (context) => backups.daily(context)));
    }
    await moveSetAside(plant, signal, log);
    const { rules, applied } = retention.get();
    if (rules.length > 0 && dueSince(applied?.at) && isQuiet()) {
      await jobs.ended(jobs.start({ kind: 'retention', subject: 'daily', unit: 'steps', request: {} }, (context) => retention.apply(context)));
    }
  };

  const told = (work: () => Promise<void>) => async (): Promise<void> => {
    try {
      await work();
    } catch (thrown) {
      if (!signal.aborted) log.error('the plant\'s upkeep failed', { error: AppError.of(thrown).message });
    }
  };
  const going = told(look)();
  let round = Promise.resolve();
  const next = (): void => {
    round = round.then(told(keepUp));
  };
  const first = setTimeout(next, FIRST_UPKEEP_MS);
  const timer = setInterval(next, UPKEEP_EVERY_MS);
  return async () => {
    clearTimeout(first);
    clearInterval(timer);
    ending.abort(new AppError('run-cut', 'the engine is closing'));
    await going;
  };
};
