import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildOnce, isWhole, linkInto, readManifest } from './native-cache.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'native-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

let builds = 0;
const build = async (temporary: string): Promise<Record<string, string>> => {
  builds += 1;
  mkdirSync(join(temporary, 'lib'));
  writeFileSync(join(temporary, 'lib', 'part.so.2'), `machine code ${builds}`);
  symlinkSync('part.so.2', join(temporary, 'lib', 'part.so'));
  return { compiler: 'g++ 12' };
};

describe('the cache of built parts', () => {
  const built = (): string => join(folder, 'built');

  it('builds once', async () => {
    builds = 0;
    await buildOnce(built(), 'a part', build);
    await buildOnce(built(), 'a part', build);
    expect(builds).toBe(1);
    expect(readManifest(built())?.details).toEqual({ compiler: 'g++ 12' });
  });

  it('builds anew what was cut short', async () => {
    await buildOnce(built(), 'a part', build);
    writeFileSync(join(built(), 'lib', 'part.so.2'), 'machi');
    expect(isWhole(built())).toBe(false);
    await buildOnce(built(), 'a part', build);
    expect(isWhole(built())).toBe(true);
  });

  it('keeps nothing of a build that failed, and clears what a killed one left', async () => {
    mkdirSync(join(folder, 'built.building-left'));
    await expect(buildOnce(built(), 'a part', () => Promise.reject(new Error('no compiler')))).rejects.toThrow('no compiler');
    expect(readdirSync(folder).filter((name) => !name.includes('lock'))).toEqual([]);
  });

  it('links into a package, over what lies there, and the package then stands without the cache', async () => {
    await buildOnce(built(), 'a part', build);
    const target = join(folder, 'package');
    mkdirSync(join(target, 'lib'), { recursive: true });
    writeFileSync(join(target, 'lib', 'part.so.2'), 'an older one');
    linkInto(built(), target, { recipe: 'r1' });
    linkInto(built(), target, { recipe: 'r2' });
    expect(statSync(join(target, 'lib', 'part.so.2')).ino).toBe(statSync(join(built(), 'lib', 'part.so.2')).ino);
    rmSync(built(), { recursive: true });
    expect(isWhole(target)).toBe(true);
    expect(readFileSync(join(target, 'lib', 'part.so'), 'utf8')).toMatch(/^machine code/);
    expect(readManifest(target)?.details).toEqual({ compiler: 'g++ 12', recipe: 'r2' });
    expect(readdirSync(join(target, 'lib')).sort()).toEqual(['part.so', 'part.so.2']);
  });
});
