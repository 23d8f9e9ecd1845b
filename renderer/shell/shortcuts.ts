import { alertsRoute, dataRoute, plantRoute, settingsRoute, trainingRoute, type Route } from '../state/route.ts';

export type Shortcut = { readonly kind: 'go'; readonly route: Route } | { readonly kind: 'search' } | { readonly kind: 'list' } | { readonly kind: 'help' };

/** The screens in the order of the navigation; their number is their key. */
export const NUMBERED: readonly Route[] = [plantRoute(), alertsRoute(), trainingRoute(), dataRoute(), settingsRoute()];

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey'>;

/** Whether a key press belongs to a field or a dialog, not to the window. */
export const isTyping = (target: EventTarget | null): boolean => target instanceof Element && target.closest('input, textarea, select, [role="dialog"]') !== null;

/** What a key press that nothing else has used asks of the whole window. */
export const shortcutOf = (event: Press): Shortcut | null => {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  if (event.key === '/') return { kind: 'search' };
  if (event.key === 'ArrowDown') return { kind: 'list' };
  if (event.key === '?') return { kind: 'help' };
  const route = /^[1-9]$/.test(event.key) ? NUMBERED[Number(event.key) - 1] : undefined;
  return route === undefined ? null : { kind: 'go', route };
};
