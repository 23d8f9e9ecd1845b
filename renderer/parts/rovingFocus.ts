const STEPS: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => Math.min(count - 1, at + 1),
  ArrowUp: (at) => Math.max(0, at - 1),
  PageDown: (at, count) => Math.min(count - 1, at + 10),
  PageUp: (at) => Math.max(0, at - 10),
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Where a key moves to in a list of `count`; null for every other key. */
export const stepOf = (key: string, at: number, count: number): number | null => (count === 0 ? null : (STEPS[key]?.(at, count) ?? null));

/** Moves the focus between the elements of a list that match the selector: one of them is a tab stop, the arrows do the rest. */
export const moveFocus = (event: KeyboardEvent & { currentTarget: HTMLElement }, selector: string): void => {
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>(selector)];
  const at = stops.findIndex((stop) => stop === document.activeElement);
  const next = at === -1 ? null : stepOf(event.key, at, stops.length);
  if (next === null) return;
  event.preventDefault();
  stops[next]?.focus();
  stops[next]?.scrollIntoView({ block: 'nearest' });
};
