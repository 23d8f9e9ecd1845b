import type { Inspection, Mapping } from '../../main/contract/data.ts';
import type { AppError } from '../../main/contract/errors.ts';

/** One file under review. */
export interface Draft {
  readonly inspection: Inspection;
  /** Whether its mapping was changed by hand. */
  readonly edited: boolean;
  readonly error: AppError | null;
}

export interface ImportGroup {
  readonly files: readonly string[];
  readonly mapping: Mapping | null;
}

/** Files of one shape have the same columns in the same order. */
export const shapeOf = (mapping: Mapping): string => JSON.stringify([mapping.layout, mapping.columns.map((column) => column.index)]);

const names = (inspection: Inspection): string => JSON.stringify(inspection.mapping.columns.map((column) => column.name));

/** The drafts after one file's mapping was changed: files with the same columns take its columns over, each keeps the rest of its own. */
export const withColumnsOf = (drafts: readonly Draft[], file: string, mapping: Mapping): readonly Draft[] => {
  const changed = drafts.find((draft) => draft.inspection.file === file);
  if (changed === undefined) return drafts;
  const columns = names(changed.inspection);
  return drafts.map((draft) => {
    const { inspection } = draft;
    if (inspection.file === file) return { ...draft, edited: true, inspection: { ...inspection, mapping } };
    if (names(inspection) !== columns || shapeOf(inspection.mapping) !== shapeOf(mapping)) return draft;
    return { ...draft, edited: true, inspection: { ...inspection, mapping: { ...inspection.mapping, columns: mapping.columns } } };
  });
};

/** The calls that store the drafts: those read as found go together, those with the same changed mapping too. */
export const groupsOf = (drafts: readonly Draft[]): readonly ImportGroup[] => {
  const groups = new Map<string, { files: string[]; mapping: Mapping | null }>();
  for (const { inspection, edited } of drafts) {
    const mapping = edited ? inspection.mapping : null;
    const key = mapping === null ? '' : JSON.stringify(mapping);
    const group = groups.get(key) ?? { files: [], mapping };
    group.files.push(inspection.file);
    groups.set(key, group);
  }
  return [...groups.values()];
};
