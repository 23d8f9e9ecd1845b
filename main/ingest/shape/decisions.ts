import type { Decision, Mapping } from '../../contract/data.ts';
import { orderOf } from '../times/clock.ts';
import type { Header } from './header.ts';
import type { TimePlan } from './timecolumns.ts';

/** What is known of how the parts of a mapping were found. */
export interface Findings {
  header: Header;
  plan: TimePlan;
  /** The site's zone. */
  site: string;
  isDecimalOpen: boolean;
  hasDecimals: boolean;
  /** Numbers that look like codes for 'no value' though nothing declares them. */
  suspected: readonly number[];
  /** True where the file itself declares its missing codes. */
  isDeclared: boolean;
}

const timed = ['time', 'date', 'clock', 'cycle'];

const others = (all: readonly string[], chosen: string): string[] => all.filter((one) => one !== chosen);

/** How a file is cut, also where nothing in it stands like a reading: then another way of cutting may find some. */
export const dialectDecisions = ({ dialect, columns }: Mapping, { isNamed, hasDecimals, isDecimalOpen }: { isNamed: boolean; hasDecimals: boolean; isDecimalOpen: boolean }): Decision[] => [
  { code: 'encoding', chosen: dialect.encoding, why: dialect.encoding.startsWith('utf') ? 'all of its bytes are text in this encoding' : 'its bytes are no UTF-8, and this encoding makes frequent characters of them', alternatives: others(['utf-8', 'utf-16le', 'windows-1252', 'gb18030', 'shift_jis'], dialect.encoding), isCertain: true },
  { code: 'delimiter', chosen: dialect.delimiter, why: `it cuts the records into ${columns.length} cells of numbers, times and words`, alternatives: others([',', ';', '\t', '|', '\\s+'], dialect.delimiter), isCertain: true },
  {
    code: 'decimal',
    chosen: dialect.decimal,
    why: isDecimalOpen ? `every '${dialect.decimal}' stands before three digits: it could group thousands as well` : hasDecimals ? 'the numbers are written so' : 'no number has decimals',
    alternatives: [dialect.decimal === '.' ? ',' : '.'],
    isCertain: !isDecimalOpen,
  },
  { code: 'quote', chosen: dialect.quote ?? '', why: dialect.quote === "'" ? 'cells stand between single quotes' : 'double quotes are usual', alternatives: others(['"', "'", ''], dialect.quote ?? ''), isCertain: true },
  { code: 'header', chosen: String(dialect.headerLines), why: isNamed ? `the columns are named above the first record, in line ${dialect.headerLines + 1}` : 'no line above the first record names the columns', alternatives: [], isCertain: true },
];

const whyLayout: Record<Mapping['layout'], string> = {
  wide: 'each sensor has a column of its own',
  long: 'each record names its sensor and has one value',
  events: 'the records tell what happened, with no readings beside it',
  cmapss: '26 columns of numbers without a header: a unit, its cycle, three settings, 21 sensors',
};

const whyZone = ({ timestamp }: Mapping, { plan, site }: Findings): string => {
  if (plan.findings.some(({ code }) => code === 'zone-stated')) return 'the file states it';
  if (/^(?:epoch|filetime)/.test(timestamp.kind)) return 'counts of seconds are of UTC';
  if (timestamp.format.endsWith('ZZ')) return 'the times carry their offset; this holds for those that carry none';
  return timestamp.zone === site ? "the times carry no offset: they are taken in the plant's zone" : 'the times carry no offset';
};

const timeDecisions = (mapping: Mapping, found: Findings): Decision[] => {
  const { timestamp, columns, axis } = mapping;
  const { plan, site } = found;
  const times = columns.filter(({ role }) => timed.includes(role)).map(({ name }) => name);
  const isUnknown = plan.findings.some(({ code }) => code === 'start-unknown' || code === 'date-unknown');
  const decisions: Decision[] = [
    { code: 'time-columns', chosen: times.join(', '), why: times.length > 0 ? plan.why : 'no column holds a time', alternatives: columns.filter(({ why }) => why.startsWith('a second time')).map(({ name }) => name), isCertain: timestamp.kind !== 'none' },
    { code: 'time-form', chosen: timestamp.kind, why: isUnknown ? `${plan.why}; the file doesn't tell since when` : plan.why, alternatives: [], isCertain: !isUnknown },
    { code: 'axis', chosen: axis, why: axis === 'time' ? 'the records have times' : timestamp.kind === 'cycle' ? 'a column counts cycles' : 'nothing tells times: the records are numbered from 1', alternatives: [axis === 'time' ? 'cycle' : 'time'], isCertain: timestamp.kind !== 'none' },
  ];
  if (timestamp.kind === 'pattern' && /d.*M(?!MM)|M(?!MM).*d/.test(timestamp.format)) {
    const order = orderOf(timestamp.format);
    decisions.push({ code: 'day-month-order', chosen: order, why: plan.why, alternatives: others(['dmy', 'mdy', 'ymd'], order), isCertain: !plan.isOrderOpen });
  }
  if (axis === 'time') decisions.push({ code: 'zone', chosen: timestamp.zone, why: whyZone(mapping, found), alternatives: others([...new Set([site, 'UTC'])], timestamp.zone), isCertain: true });
  return decisions;
};

const missingDecision = ({ missingCodes }: Mapping, { suspected, isDeclared }: Findings): Decision => ({
  code: 'missing-codes',
  chosen: missingCodes.join(' '),
  why: missingCodes.length > 0 ? (isDeclared ? 'the file declares them' : '-1 among 0 and 1 is no state') : suspected.length > 0 ? `${suspected.join(', ')} stands far apart from the other readings, and nothing says that it means 'no value'` : 'the file declares none',
  alternatives: suspected.map(String),
  isCertain: suspected.length === 0,
});

/** Everything that was decided about a file but for its asset, each with its reason and what else could be chosen. */
export const decisionsOf = (mapping: Mapping, found: Findings): Decision[] => [
  ...dialectDecisions(mapping, { ...found, isNamed: found.header.isNamed }),
  { code: 'layout', chosen: mapping.layout, why: whyLayout[mapping.layout], alternatives: others(['wide', 'long', 'events'], mapping.layout), isCertain: true },
  ...timeDecisions(mapping, found),
  missingDecision(mapping, found),
];

const valueOf: Partial<Record<Decision['code'], (mapping: Mapping) => string>> = {
  encoding: ({ dialect }) => dialect.encoding,
  delimiter: ({ dialect }) => dialect.delimiter,
  decimal: ({ dialect }) => dialect.decimal,
  quote: ({ dialect }) => dialect.quote ?? '',
  header: ({ dialect }) => String(dialect.headerLines),
  layout: ({ layout }) => layout,
  'time-columns': ({ columns }) => columns.filter(({ role }) => timed.includes(role)).map(({ name }) => name).join(', '),
  'time-form': ({ timestamp }) => timestamp.kind,
  'day-month-order': ({ timestamp }) => orderOf(timestamp.format),
  zone: ({ timestamp }) => timestamp.zone,
  axis: ({ axis }) => axis,
  'missing-codes': ({ missingCodes }) => missingCodes.join(' '),
};

/** The decisions as a given mapping has made them: what it holds is certain, and where it differs from what was found, the found is an alternative. */
export const overruled = (decisions: readonly Decision[], mapping: Mapping, by: string): Decision[] =>
  decisions.map((decision) => {
    const chosen = valueOf[decision.code]?.(mapping) ?? decision.chosen;
    if (chosen === decision.chosen) return { ...decision, isCertain: true };
    return { ...decision, chosen, why: by, alternatives: [...new Set([decision.chosen, ...decision.alternatives])].filter((one) => one !== chosen), isCertain: true };
  });

const codes = [-9999, -99_999, -999, -999.25, -999.9, -9999.99, -32_768, 32_767, 65_535, 6553.5, 3276.7, -3276.8, -8888, 1e30, -1e30];

/** Codes that often mean 'no value' and stand far from all other numbers of their column. */
export const suspectedCodes = (columns: readonly (readonly number[])[]): number[] => {
  const found = new Set<number>();
  for (const values of columns) {
    const present = codes.filter((code) => values.includes(code));
    const rest = values.filter((value) => !Number.isNaN(value) && !codes.includes(value)).map(Math.abs);
    const largest = rest.reduce((most, value) => Math.max(most, value), 0);
    if (rest.length >= 8) for (const code of present) if (Math.abs(code) > 4 * largest) found.add(code);
  }
  return [...found];
};
