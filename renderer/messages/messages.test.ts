import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { errorTable } from '../../main/contract/errors.ts';
import { isKey, localeOf, texts, translator, type Language } from './translate.ts';

const LANGUAGES: readonly Language[] = ['en', 'zh'];
const renderer = join(import.meta.dirname, '..');

/** Names of the arguments of a message, at any depth of its plurals. */
const argumentsOf = (message: string): Set<string> => {
  const names = new Set<string>();
  const walk = (elements: readonly object[]): void => {
    for (const element of elements) {
      const type = 'type' in element ? element.type : 0;
      if (type !== 0 && type !== 7 && 'value' in element && typeof element.value === 'string') names.add(element.value);
      if ('options' in element && typeof element.options === 'object' && element.options !== null) {
        for (const option of Object.values(element.options) as { value: readonly object[] }[]) walk(option.value);
      }
    }
  };
  walk(new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst());
  return names;
};

const sources = (): readonly { file: string; text: string }[] =>
  readdirSync(renderer, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(svelte|ts)$/.test(file) && !/\.test\.ts$/.test(file) && !/^messages\/(en|zh)/.test(file))
    .map((file) => ({ file, text: readFileSync(join(renderer, file), 'utf8') }));

/** Top-level names of an object literal that begins at `start`, or null where it isn't closed. */
const namesOfLiteral = (text: string, start: number): readonly string[] | null => {
  let depth = 0;
  let top = '';
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if ('{(['.includes(character)) depth += 1;
    if (depth === 1 && character !== '{') top += character;
    if ('})]'.includes(character)) depth -= 1;
    if (depth === 0) return top.slice(0, -1).split(',').map((part) => part.split(':')[0]?.trim() ?? '').filter((name) => name !== '');
  }
  return null;
};

describe('messages', () => {
  it('have the same arguments in both languages', () => {
    for (const [key, message] of texts.en) expect([key, [...argumentsOf(texts.zh.get(key) ?? '')].toSorted()]).toEqual([key, [...argumentsOf(message)].toSorted()]);
  });

  it('can all be said, in both languages', () => {
    for (const language of LANGUAGES) {
      const t = translator(language);
      for (const [key, message] of texts[language]) {
        const args = Object.fromEntries([...argumentsOf(message)].map((name) => [name, 2]));
        if (isKey(key)) expect(t(key, args).trim(), key).not.toBe('');
      }
    }
  });

  it('are not left in English in the Chinese table', () => {
    const same = [...texts.en].filter(([key, message]) => message === texts.zh.get(key) && /[a-z]{4,} [a-z]{2,}/.test(message));
    expect(same).toEqual([]);
  });

  it('know a title and a remedy for every error code of the contract', () => {
    for (const code of Object.keys(errorTable)) expect([isKey(`error.${code}`), isKey(`remedy.${code}`)], code).toEqual([true, true]);
  });

  it('are given their arguments wherever they are said by name', () => {
    const wrong: string[] = [];
    for (const { file, text } of sources()) {
      for (const match of text.matchAll(/\bt\('([A-Za-z]+\.[^']+)'(\)|, \{)?/g)) {
        const key = match[1] ?? '';
        const needed = [...argumentsOf(texts.en.get(key) ?? '')];
        const given = match[2] === ')' ? [] : match[2] === undefined ? null : namesOfLiteral(text, match.index + match[0].length - 1);
        if (given !== null && needed.some((name) => !given.includes(name))) wrong.push(`${file}: ${key} needs ${needed.join(', ')}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('are all used', () => {
    const all = sources().map(({ text }) => text).join('\n');
    const areas = new Set([...all.matchAll(/`([A-Za-z]+)\.\$\{/g)].map((match) => match[1]));
    const unused = [...texts.en.keys()].filter((key) => !all.includes(`'${key}'`) && !areas.has(key.split('.')[0]));
    expect(unused).toEqual([]);
  });

  it('use the locale of the language', () => {
    expect(LANGUAGES.map(localeOf)).toEqual(['en-GB', 'zh-CN']);
  });
});
