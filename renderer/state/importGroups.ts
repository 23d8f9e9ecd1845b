import type { Inspection, Mapping } from '../../main/contract/data.ts';
import type { AppError } from '../../main/contract/errors.ts';

/** One file under review. */
export interface Draft {
  readonly inspection: Inspection;
  /** The look before anything was changed. */
  readonly found: Inspection;
  /** Files of one kind are decided together; see `kindOf`. */
  readonly kind: string;
  /** What was changed by hand, by the names of the decisions; empty: it is read as it was found. */
  readonly changed: readonly string[];
  /** Open questions that somebody has answered. */
  readonly confirmed: readonly string[];
  /** A changed mapping is being tried. */
  readonly isReading: boolean;
  readonly error: AppError | null;
}

/** A file that can't be imported, and why. */
export interface Unread {
  readonly file: string;
  readonly error: AppError;
}

/** Files of one kind, the way they are told. */
export interface Kind {
  readonly name: string;
  readonly drafts: readonly Draft[];
}

export interface ReadAs {
  readonly files: string[];
  readonly mapping: Mapping;
}

/** Files are of one kind when they are written alike and have the same columns in the same order. */
export const kindOf = ({ mapping }: Inspection): string =>
  JSON.stringify([mapping.layout, mapping.dialect.delimiter, mapping.dialect.decimal, mapping.timestamp.kind, mapping.timestamp.format.replace(/ since .*$/, ''), mapping.columns.map((column) => [column.name, column.role])]);

export const draftOf = (inspection: Inspection): Draft => ({ inspection, found: inspection, kind: kindOf(inspection), changed: [], confirmed: [], isReading: false, error: null });

/** The drafts by kind, in the order in which their first files came. */
export const kindsOf = (drafts: readonly Draft[]): readonly Kind[] => {
  const kinds = new Map<string, Draft[]>();
  for (const draft of drafts) kinds.set(draft.kind, [...(kinds.get(draft.kind) ?? []), draft]);
  return [...kinds].map(([name, members]) => ({ name, drafts: members }));
};

/** What a decision on another file of its kind leaves a file: its machine, its start, the length of its own header, its own encoding. */
const kept = (own: Mapping, from: Mapping, what: string): Mapping => ({
  ...from,
  asset: own.asset,
  dialect: { ...from.dialect, headerLines: what === 'header' ? from.dialect.headerLines : own.dialect.headerLines, encoding: what === 'encoding' ? from.dialect.encoding : own.dialect.encoding },
  timestamp: { ...from.timestamp, format: withOwnStart(from.timestamp.format, own.timestamp.format) },
});

/** Seconds since a start: each file of a kind has a start of its own. */
const withOwnStart = (format: string, own: string): string => {
  const start = / since .*$/.exec(own);
  return start === null || !/ since /.test(format) ? format : format.replace(/ since .*$/, start[0]);
};

const added = (names: readonly string[], name: string): readonly string[] => (names.includes(name) ? names : [...names, name]);

/** The drafts after something was decided on one file: all of its kind take it over, but for the machine, which is each file's own. */
export const withDecision = (drafts: readonly Draft[], file: string, what: string, mapping: Mapping): readonly Draft[] => {
  const kind = drafts.find((draft) => draft.inspection.file === file)?.kind;
  return drafts.map((draft) => {
    const isItself = draft.inspection.file === file;
    if (draft.kind !== kind || (what === 'asset' && !isItself)) return draft;
    return { ...draft, changed: added(draft.changed, what), isReading: isItself, error: null, inspection: { ...draft.inspection, mapping: isItself ? mapping : kept(draft.inspection.mapping, mapping, what) } };
  });
};

/** An open question of a kind of files was answered as it was taken. */
export const withConfirmed = (drafts: readonly Draft[], kind: string, what: string): readonly Draft[] => drafts.map((draft) => (draft.kind === kind ? { ...draft, confirmed: added(draft.confirmed, what) } : draft));

/** All files of a kind as they were found. */
export const asFound = (drafts: readonly Draft[], kind: string): readonly Draft[] => drafts.map((draft) => (draft.kind === kind ? draftOf(draft.found) : draft));

/** What was read by a changed mapping: the columns that were found with it hold for the other files of the kind too. */
export const withLook = (drafts: readonly Draft[], file: string, inspection: Inspection): readonly Draft[] => {
  const kind = drafts.find((draft) => draft.inspection.file === file)?.kind;
  return drafts.map((draft) => {
    if (draft.inspection.file === file) return { ...draft, inspection, isReading: false, error: null };
    const isFoundAnew = draft.kind === kind && draft.changed.length > 0 && draft.inspection.mapping.columns.length === 0;
    return isFoundAnew ? { ...draft, inspection: { ...draft.inspection, mapping: kept(draft.inspection.mapping, inspection.mapping, '') } } : draft;
  });
};

/** Files that are read by a mapping of their own: those of the same mapping together. Files that nobody changed are not among them. */
export const readAsOf = (drafts: readonly Draft[]): readonly ReadAs[] => {
  const groups = new Map<string, ReadAs>();
  for (const { inspection, changed, confirmed } of drafts) {
    // What somebody confirmed holds, whatever the whole file would tell on a second look.
    if (changed.length === 0 && confirmed.length === 0) continue;
    const key = JSON.stringify(inspection.mapping);
    const group = groups.get(key) ?? { files: [], mapping: inspection.mapping };
    group.files.push(inspection.file);
    groups.set(key, group);
  }
  return [...groups.values()];
};

/** The codes of what the file doesn't tell and nobody has confirmed yet. Whether there are times at all is one question. */
export const openQuestions = ({ found, confirmed }: Draft): readonly string[] => {
  const open = found.decisions.flatMap(({ code, isCertain }) => (isCertain || confirmed.includes(code) ? [] : [code]));
  return found.decisions.some(({ code, isCertain }) => code === 'axis' && !isCertain) ? open.filter((code) => code !== 'time-columns') : open;
};

/** The calls that follow files: those of one decided mapping together, the rest as they are found. */
export const followsOf = (readAs: readonly ReadAs[], files: readonly string[]): readonly { readonly paths: readonly string[]; readonly mapping: Mapping | null }[] => {
  const decided = readAs.map((group) => ({ paths: group.files.filter((file) => files.includes(file)), mapping: group.mapping }));
  const known = new Set(decided.flatMap(({ paths }) => paths));
  return [...decided, { paths: files.filter((file) => !known.has(file)), mapping: null }].filter(({ paths }) => paths.length > 0);
};
