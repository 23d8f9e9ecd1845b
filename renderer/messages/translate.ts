import { IntlMessageFormat } from 'intl-messageformat';
import { en } from './en.ts';
import { zh } from './zh.ts';

export type Language = 'en' | 'zh';
type Words = typeof en;
type Area = keyof Words;
/** Every message: area, dot, name. */
export type Key = { [A in Area]: `${A}.${Extract<keyof Words[A], string>}` }[Area];
export type Arguments = Readonly<Record<string, string | number>>;
export type Translate = (key: Key, args?: Arguments) => string;

/** What Intl calls the two languages. British order of day and month, 24-hour clock. */
export const localeOf = (language: Language): string => (language === 'zh' ? 'zh-CN' : 'en-GB');

const flatten = (words: Readonly<Record<string, Readonly<Record<string, string>>>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(words).flatMap(([area, texts]) => Object.entries(texts).map(([name, text]) => [`${area}.${name}`, text] as const)));

/** All messages of a language by key. */
export const texts: Readonly<Record<Language, ReadonlyMap<string, string>>> = { en: flatten(en), zh: flatten(zh) };

/** Whether there are words for a code that comes from the engine as an open string: 'finding.decimal-comma'. */
export const isKey = (key: string): key is Key => texts.en.has(key);

const compiled = new Map<string, IntlMessageFormat>();

const messageOf = (language: Language, key: Key): IntlMessageFormat => {
  const name = `${language} ${key}`;
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const made = new IntlMessageFormat(texts[language].get(key) ?? key, localeOf(language), undefined, { ignoreTag: true });
  compiled.set(name, made);
  return made;
};

/** The function that says a message in a language; throws where an argument of the message is missing. */
export const translator =
  (language: Language): Translate =>
  (key, args) =>
    String(messageOf(language, key).format(args));
