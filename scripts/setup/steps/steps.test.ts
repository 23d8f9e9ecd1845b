import { describe, expect, it } from 'vitest';
import { partsOf } from '../provenance.mjs';
import { missing } from './debian.mjs';
import { differences } from './npm-packages.mjs';
import { atLeast } from './self-check.mjs';

describe('npm packages', () => {
  const locked = { 'node_modules/a': { version: '1.0.0', integrity: 'x' }, 'node_modules/b': { version: '2.0.0' } };

  it('are up to date when npm installed what the lock file names', () => {
    expect(differences(locked, locked)).toEqual([]);
  });

  it('are not when one is missing, of another version or of another content', () => {
    expect(differences(locked, { 'node_modules/a': locked['node_modules/a'] })).toEqual(['node_modules/b']);
    expect(differences(locked, { ...locked, 'node_modules/b': { version: '2.0.1' } })).toEqual(['node_modules/b']);
    expect(differences(locked, { ...locked, 'node_modules/a': { version: '1.0.0', integrity: 'y' } })).toEqual(['node_modules/a']);
  });

  it('for other systems may be missing', () => {
    expect(differences({ ...locked, 'node_modules/c-win32': { version: '1.0.0', optional: true } }, locked)).toEqual([]);
  });
});

describe('Debian packages', () => {
  it('are missing when neither they nor their program are there', () => {
    const wanted = [
      { packages: ['no-such-package'] },
      { packages: ['no-such-package'], command: 'sh' },
      { packages: ['no-such-package'], command: 'no-such-program' },
    ];
    expect(missing(wanted)).toEqual([wanted[0], wanted[2]]);
  });
});

describe('dotted versions', () => {
  it.each([
    ['3.54.1', '3.51.3', true],
    ['3.51.3', '3.51.3', true],
    ['3.51.2', '3.51.3', false],
    ['3.9.0', '3.51.3', false],
    ['4.0.0', '3.51.3', true],
  ])('%s is at least %s: %s', (version, least, expected) => {
    expect(atLeast(version, least)).toBe(expected);
  });
});

describe('the list of parts', () => {
  it('names Electron only where it was set up', () => {
    const details = { 'self-check': { node: '24.21.0' }, tensorflow: { wheelSha256: 'ab' }, electron: null };
    expect(partsOf(details).map((part) => part.name)).toEqual(['node', 'better-sqlite3', 'sqlite', 'tfjs-node', 'tensorflow', 'tfjs-binding']);
    const withElectron = partsOf({ ...details, electron: { version: '45.4.1', origin: 'release page' } });
    expect(withElectron.at(-1)).toEqual({ name: 'electron', version: '45.4.1', origin: 'release page' });
    expect(withElectron.find((part) => part.name === 'tensorflow')).toHaveProperty('sha256', 'ab');
  });
});
