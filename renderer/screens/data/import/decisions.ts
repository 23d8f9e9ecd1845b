import { Mapping, TimestampFormat, type Decision, type Inspection } from '../../../../main/contract/data.ts';
import { isKey, type Translate } from '../../../messages/translate.ts';
import { delimiterWords } from './delimiter.ts';
import { formatOfKind } from './timeStart.ts';

export type Code = Decision['code'];

/** A decision as it is shown: what was taken, why, and whether the file tells. */
export interface Decided {
  readonly code: Code;
  readonly value: string;
  /** What the engine takes where nothing is written: the machine by the file's name. */
  readonly taken: string;
  /** The engine's sentence, in English; empty where it gave none. */
  readonly why: string;
  readonly alternatives: readonly string[];
  readonly isCertain: boolean;
}

/** The order in which people ask: what are these rows, when, of which machine; the letters of the file last. */
const ORDER: readonly Code[] = ['layout', 'time-columns', 'time-form', 'day-month-order', 'zone', 'axis', 'asset', 'missing-codes', 'decimal', 'delimiter', 'header', 'quote', 'encoding'];

const DELIMITERS = [',', ';', '\t', '|', '\\s+'];
const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'gb18030', 'shift_jis', 'iso-8859-2', 'windows-1251'];

export type DateOrder = 'dmy' | 'mdy' | 'ymd';
const FIELD = /d{1,2}|M{1,2}(?!M)|y{2,4}/g;

/** Day, month and year of a pattern in numbers, in their order; null where it has not all three. */
const fieldsOf = (format: string): readonly string[] | null => {
  const date = format.replaceAll(/'[^']*'/g, (quoted) => ' '.repeat(quoted.length));
  const fields = (date.match(FIELD) ?? []).slice(0, 3);
  return fields.length === 3 && ['d', 'M', 'y'].every((letter) => fields.some((field) => field.startsWith(letter))) && !/M{3}/.test(date) ? fields : null;
};

/** In which order a pattern has day, month and year; null where it has no date in numbers. */
export const orderOf = (format: string): DateOrder | null => {
  const order = fieldsOf(format)
    ?.map((field) => field.charAt(0).toLowerCase())
    .join('');
  return order === 'dmy' || order === 'mdy' || order === 'ymd' ? order : null;
};

/** The same pattern with day, month and year in another order: what stands between them stays. */
export const inOrder = (format: string, order: DateOrder): string => {
  const fields = fieldsOf(format);
  if (fields === null) return format;
  const wanted = [...order].map((letter) => fields.find((field) => field.charAt(0).toLowerCase() === letter) ?? '');
  let at = 0;
  return format.replace(FIELD, (field) => (at < 3 ? (wanted[at++] ?? field) : field));
};

const TIME_ROLES = ['time', 'date', 'clock', 'cycle'];

/** What stands in the mapping for each decision, as the text that its field shows. */
const VALUES: Readonly<Record<Code, (mapping: Mapping) => string>> = {
  encoding: ({ dialect }) => dialect.encoding,
  delimiter: ({ dialect }) => dialect.delimiter,
  decimal: ({ dialect }) => dialect.decimal,
  quote: ({ dialect }) => dialect.quote ?? '',
  header: ({ dialect }) => String(dialect.headerLines),
  layout: ({ layout }) => layout,
  'time-columns': ({ columns }) => columns.flatMap((column) => (TIME_ROLES.includes(column.role) ? [column.name] : [])).join(', '),
  'time-form': ({ timestamp }) => timestamp.kind,
  'day-month-order': ({ timestamp }) => (timestamp.kind === 'pattern' ? (orderOf(timestamp.format) ?? '') : ''),
  zone: ({ timestamp }) => timestamp.zone,
  axis: ({ axis }) => axis,
  asset: ({ asset }) => asset ?? '',
  'missing-codes': ({ missingCodes }) => missingCodes.join(' '),
  profile: () => '',
};

export const valueOf = (mapping: Mapping, code: Code): string => VALUES[code](mapping);

const isAsked = (mapping: Mapping, code: Code, value: string): boolean => {
  if (code === 'day-month-order') return value !== '';
  if (code === 'zone') return mapping.axis === 'time';
  if (code === 'decimal' || code === 'missing-codes') return mapping.layout !== 'events';
  return code !== 'profile';
};

/** Everything that was decided about a file, in the order in which people ask. */
export const decisionsOf = ({ mapping, decisions }: Pick<Inspection, 'mapping' | 'decisions'>): readonly Decided[] => {
  const told = new Map(decisions.map((decision) => [decision.code, decision]));
  return ORDER.flatMap((code) => {
    const value = valueOf(mapping, code);
    const decision = told.get(code);
    if (!isAsked(mapping, code, value)) return [];
    return [{ code, value, taken: decision?.chosen ?? value, why: decision?.why ?? '', alternatives: decision?.alternatives ?? [], isCertain: decision?.isCertain ?? true }];
  });
};

/** Columns change with how lines are cut: they are found anew. */
const CUTTING: readonly Code[] = ['encoding', 'delimiter', 'header', 'quote'];

const numbersOf = (text: string): number[] => text.split(/[\s;]+/).map((part) => Number(part.replace(',', '.'))).filter((number) => Number.isFinite(number));

const withTime = (mapping: Mapping, part: Partial<TimestampFormat>): Mapping => ({ ...mapping, timestamp: { ...mapping.timestamp, ...part } });
const withDialect = (mapping: Mapping, part: Partial<Mapping['dialect']>): Mapping => ({ ...mapping, dialect: { ...mapping.dialect, ...part } });

const one = <T extends string>(options: readonly T[], text: string, otherwise: T): T => options.find((option) => option === text) ?? otherwise;

const EDITS: Readonly<Record<Code, (mapping: Mapping, value: string) => Mapping>> = {
  encoding: (mapping, encoding) => withDialect(mapping, { encoding }),
  delimiter: (mapping, delimiter) => (delimiter === '' ? mapping : withDialect(mapping, { delimiter })),
  decimal: (mapping, decimal) => withDialect(mapping, { decimal: decimal === ',' ? ',' : '.' }),
  quote: (mapping, quote) => withDialect(mapping, { quote: quote === '' ? null : quote }),
  header: (mapping, lines) => (/^\d{1,6}$/.test(lines) ? withDialect(mapping, { headerLines: Number(lines) }) : mapping),
  layout: (mapping, layout) => ({ ...mapping, layout: one(Mapping.shape.layout.options, layout, mapping.layout) }),
  'time-columns': (mapping) => mapping,
  'time-form': (mapping, kind) => {
    const form = one(TimestampFormat.shape.kind.options, kind, mapping.timestamp.kind);
    return { ...withTime(mapping, { kind: form, format: formatOfKind(form, mapping.timestamp.format) }), axis: form === 'cycle' || form === 'none' ? 'cycle' : 'time' };
  },
  'day-month-order': (mapping, order) => withTime(mapping, { format: inOrder(mapping.timestamp.format, one(['dmy', 'mdy', 'ymd'], order, 'dmy')) }),
  zone: (mapping, zone) => withTime(mapping, { zone }),
  axis: (mapping, axis) => {
    const { kind, format } = mapping.timestamp;
    const isCounted = kind === 'cycle' || kind === 'none';
    if ((axis === 'cycle') === isCounted) return mapping;
    // Rows without times get some by an interval; times that are not wanted leave numbered rows.
    const form = axis === 'cycle' ? 'none' : 'interval';
    return { ...withTime(mapping, { kind: form, format: formatOfKind(form, format) }), axis: axis === 'cycle' ? 'cycle' : 'time' };
  },
  asset: (mapping, asset) => ({ ...mapping, asset: asset.trim() === '' ? null : asset.trim() }),
  'missing-codes': (mapping, text) => ({ ...mapping, missingCodes: numbersOf(text) }),
  profile: (mapping) => mapping,
};

/** The mapping after one decision was overruled. */
export const decided = (mapping: Mapping, code: Code, value: string): Mapping => {
  const changed = EDITS[code](mapping, value);
  return CUTTING.includes(code) && changed !== mapping ? { ...changed, columns: [] } : changed;
};

export interface Option {
  readonly value: string;
  readonly label: string;
}

const QUOTES: Readonly<Record<string, 'double' | 'single' | 'none'>> = { '"': 'double', "'": 'single', '': 'none' };

const worded = (t: Translate, key: string, value: string): string => (isKey(key) ? t(key) : value);

/** What a value of a decision is called. */
export const wordsOf = (t: Translate, code: Code, value: string): string => {
  switch (code) {
    case 'delimiter':
      return delimiterWords(t, value);
    case 'encoding':
      return worded(t, `encodingName.${value.toLowerCase()}`, value);
    case 'decimal':
      return value === ',' ? '1,5' : '1.5';
    case 'quote':
      return worded(t, `quoteName.${QUOTES[value] ?? ''}`, value);
    case 'layout':
      return worded(t, `layout.${value}`, value);
    case 'time-form':
      return worded(t, `timestamp.${value}`, value);
    case 'day-month-order':
      return worded(t, `dateOrder.${value}`, value);
    case 'axis':
      return worded(t, `axisName.${value}`, value);
    default:
      return value === '' ? t('imports.none') : value;
  }
};

const ALWAYS: Readonly<Partial<Record<Code, readonly string[]>>> = {
  delimiter: DELIMITERS,
  encoding: ENCODINGS,
  decimal: ['.', ','],
  quote: ['"', "'", ''],
  layout: ['wide', 'long', 'events', 'cmapss'],
  'time-form': TimestampFormat.shape.kind.options,
  'day-month-order': ['dmy', 'mdy', 'ymd'],
  axis: ['time', 'cycle'],
};

/** What can be chosen for a decision; null where it is written, not chosen. */
export const optionsOf = (t: Translate, { code, value, alternatives }: Pick<Decided, 'code' | 'value' | 'alternatives'>): readonly Option[] | null => {
  const always = ALWAYS[code];
  if (always === undefined) return null;
  // An encoding is the same however its name is spelled.
  const same = (text: string): string => (code === 'encoding' ? text.toLowerCase() : text);
  const isPlain = (text: string): boolean => code !== 'day-month-order' || ['dmy', 'mdy', 'ymd'].includes(text);
  const values = [value, ...alternatives.filter(isPlain), ...always];
  const distinct = values.filter((text, index) => values.findIndex((other) => same(other) === same(text)) === index);
  return distinct.map((text) => ({ value: text, label: wordsOf(t, code, text) }));
};
