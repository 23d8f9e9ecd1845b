// The page is where these run.
/// <reference lib="dom" />
// Runs inside of the window's page: measures there, so that no message between processes is in the figures.

/** Milliseconds from a change of the address to the frame that shows the trend of a sensor. */
export const timeToTrend = async ({ hash, label }: { hash: string; label: string }): Promise<number> => {
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const isThere = (): boolean => [...document.querySelectorAll('canvas[role="img"]')].some((canvas) => canvas.getAttribute('aria-label')?.includes(label) === true);
  const start = performance.now();
  location.hash = hash;
  while (!isThere()) {
    await frame();
    if (performance.now() - start > 60_000) throw new Error(`no trend '${label}' within a minute`);
  }
  // The chart draws as it is made; the frame that carries it is out when the next one begins.
  await frame();
  return performance.now() - start;
};

/** Share of a trend's pixels that are not blank: a chart that was timed must have been drawn. */
export const inkOf = (label: string): number => {
  const canvas = [...document.querySelectorAll('canvas')].find((one) => one.getAttribute('aria-label')?.includes(label) === true);
  const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
  if (pixels === undefined) return 0;
  let inked = 0;
  for (let at = 3; at < pixels.length; at += 4) if ((pixels[at] ?? 0) > 0) inked += 1;
  return inked / (pixels.length / 4);
};

export interface Frames {
  /** Milliseconds between frames. */
  readonly frames: readonly number[];
  /** Milliseconds of each task over 50 ms. */
  readonly longTasks: readonly number[];
}

/** Counts frames and long tasks from now until `stopFrames`. */
export const startFrames = (): void => {
  const state = { frames: new Array<number>(), longTasks: new Array<number>(), isOn: true };
  const observer = new PerformanceObserver((list) => state.longTasks.push(...list.getEntries().map((entry) => entry.duration)));
  observer.observe({ type: 'longtask' });
  let before = performance.now();
  const tick = (now: number): void => {
    state.frames.push(now - before);
    before = now;
    if (state.isOn) requestAnimationFrame(tick);
  };
  requestAnimationFrame((now) => {
    before = now;
    requestAnimationFrame(tick);
  });
  Reflect.set(window, 'benchFrames', state);
};

export const stopFrames = (): Frames => {
  const state: unknown = Reflect.get(window, 'benchFrames');
  if (typeof state !== 'object' || state === null) throw new Error('no frames are being counted');
  Reflect.set(state, 'isOn', false);
  return { frames: Reflect.get(state, 'frames') as number[], longTasks: Reflect.get(state, 'longTasks') as number[] };
};
