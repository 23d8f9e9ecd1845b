/** How records are cut into cells: one character, runs of blanks, or columns at fixed places. */
export type Cutter = (record: string) => string[];

/** Delimiter of runs of blanks, as mappings write it. */
export const blanks = '\\s+';

/** Places where the columns of a fixed-width file begin, from its delimiter 'fixed:20,31'; null for any other delimiter. */
export const fixedPlaces = (delimiter: string): number[] | null =>
  delimiter.startsWith('fixed:')
    ? delimiter
        .slice(6)
        .split(',')
        .map(Number)
    : null;

/** The byte at which records may open a quoted cell. */
export const delimiterByte = (delimiter: string): number => (delimiter.length === 1 ? delimiter.charCodeAt(0) : 32);

const cutQuoted = (record: string, delimiter: string, mark: string): string[] => {
  const cells: string[] = [];
  let i = 0;
  const length = record.length;
  for (;;) {
    let j = i;
    while (j < length && (record[j] === ' ' || record[j] === '\t') && record[j] !== delimiter) j++;
    // Exporters write ="00471" to keep a spreadsheet from reading a number.
    if (record[j] === '=' && record[j + 1] === mark) j++;
    if (record[j] === mark) {
      const [text, next] = quotedCell(record, j + 1, delimiter, mark);
      cells.push(text);
      i = next;
    } else {
      const end = record.indexOf(delimiter, i);
      cells.push((end < 0 ? record.slice(i) : record.slice(i, end)).trim());
      i = end < 0 ? length : end;
    }
    if (i >= length) return cells;
    i += 1;
    if (i >= length) {
      cells.push('');
      return cells;
    }
  }
};

/** Text of a quoted cell and the place of the delimiter behind it (or the record's end). */
const quotedCell = (record: string, from: number, delimiter: string, mark: string): [string, number] => {
  let text = '';
  let i = from;
  while (i < record.length) {
    const quote = record.indexOf(mark, i);
    if (quote < 0) break;
    text += record.slice(i, quote);
    if (record[quote + 1] === mark) {
      text += mark;
      i = quote + 2;
      continue;
    }
    let after = quote + 1;
    while (record[after] === ' ' && delimiter !== ' ') after++;
    if (after >= record.length || record[after] === delimiter) return [text.trim(), after];
    text += mark;
    i = quote + 1;
  }
  return [(text + record.slice(i)).trim(), record.length];
};

const quotedOrBare: Record<string, RegExp> = { '"': /"(?:[^"]|"")*"|\S+/g, "'": /'(?:[^']|'')*'|\S+/g };

const cutBlanks =
  (mark: string): Cutter =>
  (record) => {
    const text = record.trim();
    if (text === '') return [''];
    if (!text.includes(mark)) return text.split(/[ \t]+/);
    return (text.match(quotedOrBare[mark] ?? /\S+/g) ?? []).map((cell) => (cell.startsWith(mark) && cell.length > 1 ? cell.slice(1, -1).replaceAll(mark + mark, mark) : cell));
  };

/** The quote of files whose lines stand in quotes as a whole: tables that were opened as one column and saved again. */
export const quotedLines = '""';

const unwrapped =
  (cut: Cutter): Cutter =>
  (record) => {
    const whole = /^\s*"((?:[^"]|"")*)"\s*$/.exec(record);
    return cut(whole ? (whole[1] ?? '').replaceAll('""', '"') : record);
  };

/** A cutter for the delimiter of a dialect. Cells come trimmed, quotes taken off, doubled quotes single. */
export const cutterOf = (delimiter: string, quote: string | null = '"'): Cutter => {
  if (quote === quotedLines) return unwrapped(cutterOf(delimiter));
  const mark = quote ?? '\0';
  if (delimiter === blanks) return cutBlanks(mark);
  const places = fixedPlaces(delimiter);
  if (places) return (record) => places.map((from, index) => record.slice(index === 0 ? 0 : from, places[index + 1]).trim());
  return (record) => {
    if (record.includes(mark)) return cutQuoted(record, delimiter, mark);
    const cells = record.split(delimiter);
    for (let i = 0; i < cells.length; i++) cells[i] = (cells[i] ?? '').trim();
    return cells;
  };
};

/** The byte of a dialect's quote; -1 where nothing quotes. */
export const quoteByte = (quote: string | null): number => (quote === null ? -1 : quote.charCodeAt(0));
