import { AppError } from '../contract/errors.ts';

/** Work between two turns of the event loop. */
const TURN_MS = 20;

/** Hands the event loop its turn when enough was done since the last one; throws what the signal was aborted with. */
export const createTurns = (signal?: AbortSignal): (() => Promise<void>) => {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TURN_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted === true) throw AppError.of(signal.reason);
    since = performance.now();
  };
};
