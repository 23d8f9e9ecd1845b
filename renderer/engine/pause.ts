const FIRST_MS = 200;
const LONGEST_MS = 4_000;

/** Milliseconds to wait before the attempt of this number (0: the first repetition): doubling, up to four seconds. */
export const pauseMs = (attempt: number): number => Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));

/** Waits before the attempt of this number; ends at once when the signal aborts. */
export const pause = (attempt: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, pauseMs(attempt));
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
