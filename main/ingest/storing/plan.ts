import type { Column, Mapping } from '../../contract/data.ts';

/** One measured column and the column that judges it. */
export interface ValueColumn {
  column: Column;
  /** Index of the quality column that says whether its value counts; -1: none. */
  quality: number;
}

/** Columns that share a time. */
export interface Group {
  /** Indexes of the columns whose texts, joined by a blank, tell the time; empty where records are numbered. */
  time: number[];
  values: ValueColumn[];
}

/** What a record's cells mean, worked out once from the mapping. */
export interface RowPlan {
  groups: Group[];
  asset: number;
  tag: number;
  unit: number;
  kind: number;
  mode: number;
  end: number;
  known: number;
  /** Remarks of an event table. */
  texts: number[];
  /** Columns of words that tell a machine's operating mode, in a table of readings. */
  modes: Column[];
  width: number;
}

const indexOf = (columns: readonly Column[], role: Column['role']): number => columns.find((column) => column.role === role)?.index ?? -1;

const isMeasured = (column: Column): boolean => column.role === 'value' || column.role === 'state';

/**
 * Which quality column judges which value: where each value has its own, the one that follows it, or the one before it where each has one before it; a lone one judges all values of its
 * group.
 */
const judged = (columns: readonly Column[]): ValueColumn[] => {
  const values = columns.filter(isMeasured);
  const qualities = columns.filter((column) => column.role === 'quality');
  const only = qualities[0];
  if (!only) return values.map((column) => ({ column, quality: -1 }));
  if (qualities.length === 1) {
    const before = columns[columns.indexOf(only) - 1];
    const isTwin = values.length > 1 && before !== undefined && isMeasured(before) && sharesName(before.name, only.name);
    return values.map((column) => ({ column, quality: !isTwin || column === before ? only.index : -1 }));
  }
  const before = (column: Column): Column | undefined => columns[columns.indexOf(column) - 1];
  if (only.index < (values[0]?.index ?? -1) && values.every((column) => before(column)?.role === 'quality')) return values.map((column) => ({ column, quality: before(column)?.index ?? -1 }));
  return values.map((column) => ({ column, quality: columns.find((other) => other.index > column.index && (other.role === 'quality' || isMeasured(other)))?.role === 'quality' ? (columns.find((other) => other.index > column.index && other.role === 'quality')?.index ?? -1) : -1 }));
};

/** 'T1' and 'T1 quality' belong together; 'T1' and 'Quality' need not. */
const sharesName = (value: string, quality: string): boolean => quality.toLowerCase().startsWith(value.toLowerCase()) || value.toLowerCase().startsWith(quality.toLowerCase().replace(/[ _.-]?(?:quality|status|qual|q)$/i, '\0'));

/** Columns of a date and a time of day: the date first, or, where each part has its own column, in the file's order. */
const apartTimes = ({ columns, timestamp }: Mapping): number[] => {
  const dates = columns.filter((column) => column.role === 'date').map((column) => column.index);
  const clocks = columns.filter((column) => column.role === 'clock').map((column) => column.index);
  return timestamp.kind === 'parts' ? [...dates, ...clocks].toSorted((a, b) => a - b) : [...dates, ...clocks];
};

const groupsOf = (mapping: Mapping): Group[] => {
  // Numbered records have no times, whatever stands in their columns.
  if (mapping.timestamp.kind === 'none' || mapping.timestamp.kind === 'interval') return [{ time: [], values: judged(mapping.columns.toSorted((a, b) => a.index - b.index)) }];
  const columns = mapping.columns.toSorted((a, b) => a.index - b.index);
  const times = columns.filter((column) => column.role === 'time' || column.role === 'cycle');
  if (times.length <= 1) {
    const time = times[0] ? [times[0].index, ...columns.filter((column) => column.role === 'clock').map((column) => column.index)] : apartTimes(mapping);
    return [{ time, values: judged(columns) }];
  }
  return times.map((time, i) => {
    const next = times[i + 1]?.index ?? Infinity;
    return { time: [time.index], values: judged(columns.filter((column) => column.index > time.index && column.index < next)) };
  });
};

/** Name of a value in a group of its own: 'T301 Value' beside 'T301 Timestamp' is T301. */
export const groupName = (name: string): string => name.replace(/[ _.-]+(?:value|wert|val|valeur|值)$/i, '').trim() || name;

/** Works out what each cell of a record is for. */
export const planRows = (mapping: Mapping): RowPlan => {
  const { columns } = mapping;
  const groups = groupsOf(mapping);
  const named = groups.length > 1 ? groups.map((group) => ({ ...group, values: group.values.map((value) => ({ ...value, column: { ...value.column, name: groupName(value.column.name) } })) })) : groups;
  return {
    groups: named,
    asset: indexOf(columns, 'asset'),
    tag: indexOf(columns, 'tag'),
    unit: indexOf(columns, 'unit'),
    kind: indexOf(columns, 'kind'),
    mode: indexOf(columns, 'mode'),
    modes: mapping.layout === 'events' ? [] : columns.filter((column) => column.role === 'mode'),
    end: indexOf(columns, 'end'),
    known: indexOf(columns, 'known'),
    texts: columns.filter((column) => column.role === 'text').map((column) => column.index),
    width: columns.length,
  };
};
