import { type Column, Mapping, type Profile } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';
import type { Plant } from '../../store/plant.ts';
import type { Shape, Wanted } from '../shape/mapping.ts';

/** How a file is to be read, where somebody or a profile has decided it. */
export interface Given {
  mapping: Mapping;
  /** The profile's name; null for a mapping made for this very file. */
  profile: string | null;
}

const refuse = (message: string): AppError => new AppError('mapping-invalid', message);

/** @throws AppError('mapping-invalid') for what can't be read by */
const checked = (mapping: Mapping): Mapping => {
  const { delimiter, encoding, quote } = mapping.dialect;
  try {
    new TextDecoder(encoding);
  } catch {
    throw refuse(`'${encoding}' is no encoding that is known here; utf-8, utf-16le, windows-1252, gb18030 or shift_jis were expected`);
  }
  if (delimiter !== '\\s+' && !/^fixed:\d+(?:,\d+)*$/.test(delimiter) && delimiter.length !== 1) throw refuse(`'${delimiter}' is no delimiter: one character, '\\s+' or 'fixed:0,20,31' was expected`);
  if (quote !== null && quote !== '"' && quote !== "'" && quote !== '""') throw refuse(`'${quote}' is no quote: a double or a single one, or none, was expected`);
  return mapping;
};

/** The mapping that was asked for: given, a stored profile's, or none. @throws AppError('not-found', 'mapping-invalid') */
export const askedMapping = (plant: Plant, asked: { mapping: Mapping | null; profile: string }): Given | null => {
  if (asked.mapping) return { mapping: checked(asked.mapping), profile: null };
  if (asked.profile === 'auto' || asked.profile === 'cmapss') return null;
  const profile = plant.profiles.get(asked.profile);
  if (!profile) throw new AppError('not-found', `there is no profile named '${asked.profile}'; 'auto', 'cmapss' or a stored one was expected`, { profile: asked.profile });
  return { mapping: profile.mapping, profile: profile.name };
};

/** What a mapping asks of the look at the file. A profile is of another file: the length of its header and its encoding are found anew. */
export const wantedOf = ({ mapping, profile }: Given): Wanted => {
  const { delimiter, decimal, quote, encoding, headerLines } = mapping.dialect;
  const cut = { ...(mapping.layout === 'cmapss' ? { cmapss: true } : {}), delimiter, quote, decimal, layout: mapping.layout };
  return profile === null ? { ...cut, encoding, headerLines } : cut;
};

const headerOf = (column: Column): string => (column.header ?? column.name).trim().toLowerCase();

const roleSets: Partial<Record<Mapping['layout'], readonly Column['role'][]>> = { long: ['tag', 'value'], events: ['time'] };

/** True where the roles are those that the layout needs. */
const suits = ({ layout, columns }: Mapping): boolean => (roleSets[layout] ?? []).every((role) => columns.some((column) => column.role === role)) && (layout !== 'wide' || !columns.some((column) => column.role === 'tag'));

/** The columns of a given mapping found again: by place where it is of this file, by their headers where it is of another one or they have moved. */
const columnsFor = ({ mapping, profile }: Given, here: readonly Column[]): Column[] => {
  const byHeader = new Map(mapping.columns.map((column) => [headerOf(column), column]));
  const byName = new Map(mapping.columns.map((column) => [column.name, column]));
  const find = (column: Column): Column | undefined => byHeader.get(headerOf(column)) ?? byName.get(column.name);
  const isMoved = profile !== null || here.some((column) => (find(column)?.index ?? column.index) !== column.index);
  // Where nothing has moved, a column of another name is one that somebody renamed.
  return here.map((column) => {
    const known = isMoved ? find(column) : mapping.columns.find(({ index }) => index === column.index);
    return known ? { ...known, index: column.index, ...(column.header === undefined ? {} : { header: column.header }) } : column;
  });
};

/** Axis and form of the times agree: records that are numbered or counted lie on an axis of cycles. */
const agreeing = (mapping: Mapping): Mapping => {
  const isCounted = mapping.timestamp.kind === 'cycle' || mapping.timestamp.kind === 'none';
  if (mapping.axis === 'cycle' && !isCounted) return { ...mapping, timestamp: { ...mapping.timestamp, kind: 'none', format: 'record number' } };
  return { ...mapping, axis: isCounted ? 'cycle' : 'time' };
};

/** The given mapping for the file that was looked at by it. Columns that were left out of it are found anew. */
export const adapted = (given: Given, shape: Shape): Mapping => {
  const { mapping, profile } = given;
  const found = shape.mapping;
  if (mapping.layout === 'cmapss' || found.columns.length === 0) return mapping;
  const dialect = profile === null ? mapping.dialect : { ...mapping.dialect, delimiter: found.dialect.delimiter, encoding: found.dialect.encoding, headerLines: found.dialect.headerLines };
  const isNew = mapping.columns.length === 0 || !suits(mapping);
  if (!isNew) return agreeing({ ...mapping, dialect, columns: columnsFor(given, found.columns) });
  const isSameForm = mapping.timestamp.kind === found.timestamp.kind;
  return agreeing({ ...mapping, dialect, layout: suits({ ...found, layout: mapping.layout }) ? mapping.layout : found.layout, columns: found.columns, timestamp: isSameForm ? mapping.timestamp : found.timestamp, axis: found.axis });
};

/** So many of the headers must be shared. */
const likeness = 0.75;

const isTimed = ({ role }: Column): boolean => role === 'time' || role === 'date' || role === 'clock' || role === 'cycle';

/** How like a profile's kind of file the one at hand is: the share of headers in common; 0 where it is of another kind. */
const likenessOf = ({ mapping }: Profile, { mapping: here, isNamed }: Shape): number => {
  const isSameCut = mapping.dialect.delimiter === here.dialect.delimiter || mapping.dialect.delimiter.startsWith('fixed:') === here.dialect.delimiter.startsWith('fixed:');
  if (!isSameCut || mapping.columns.length === 0) return 0;
  if (!isNamed) return mapping.columns.length === here.columns.length && mapping.timestamp.kind === here.timestamp.kind && mapping.columns.every((column) => /^column \d+$/.test(column.header ?? column.name)) ? 1 : 0;
  const theirs = new Set(mapping.columns.map(headerOf));
  const ours = new Set(here.columns.map(headerOf));
  if (mapping.columns.some((column) => isTimed(column) && !ours.has(headerOf(column)))) return 0;
  const shared = [...ours].filter((header) => theirs.has(header)).length;
  return shared < 2 ? 0 : shared / Math.max(theirs.size, ours.size);
};

/** The stored profile that knows files of this kind best; null where none does. */
export const recognised = (plant: Plant, shape: Shape): Given | null => {
  let best: Given | null = null;
  let most = likeness;
  for (const profile of plant.profiles.list()) {
    const like = likenessOf(profile, shape);
    if (like > most || (like === most && best === null)) {
      best = { mapping: Mapping.parse(profile.mapping), profile: profile.name };
      most = like;
    }
  }
  return best;
};
