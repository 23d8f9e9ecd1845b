import { describe, expect, it } from 'vitest';
import { stepOf } from '../parts/rovingFocus.ts';
import { shortcutOf } from './shortcuts.ts';

const press = (key: string, ctrlKey = false) => shortcutOf({ key, ctrlKey, altKey: false, metaKey: false });

describe('shortcuts', () => {
  it('go to the screens by number, to the search and to the help', () => {
    expect(press('2')).toMatchObject({ kind: 'go', route: { screen: 'alerts' } });
    expect(press('5')).toMatchObject({ kind: 'go', route: { screen: 'settings' } });
    expect([press('/')?.kind, press('?')?.kind, press('ArrowDown')?.kind]).toEqual(['search', 'help', 'list']);
  });

  it('leave all other keys, and those with Ctrl, alone', () => {
    expect([press('9'), press('x'), press('0'), press('1', true)]).toEqual([null, null, null, null]);
  });
});

describe('arrows in a list', () => {
  it('stop at its ends', () => {
    expect([stepOf('ArrowDown', 0, 3), stepOf('ArrowDown', 2, 3), stepOf('ArrowUp', 0, 3), stepOf('End', 0, 3), stepOf('PageDown', 0, 3)]).toEqual([1, 2, 0, 2, 2]);
    expect([stepOf('Enter', 0, 3), stepOf('ArrowDown', 0, 0)]).toEqual([null, null]);
  });
});
