import type { HonestyFinding } from '../../documents/honesty.ts';
import { correlationOf, meanOf } from '../statistics.ts';
import { columnOf, columnsOf, findingOf, unitName, usedUnits, type Subject } from '../subject.ts';
import { agreementAt, bestAgreement, isCopy, LEAST_ROWS, leastOverlap, LIMIT, noiseOf, type Agreement, type Noise } from './noise.ts';
import { sharedPatterns } from './patterns.ts';

const MOST_COLUMNS = 8;
/** Products that are summed at most where every pair of lives is compared at every shift; beyond it, patterns alone point to copies. */
const MOST_WORK = 6e8;
/** A copy agrees so many times better than 19 of 20 pairs do at their best: noise that is not independent (jumps, coarse steps) agrees more by chance. */
const BEYOND_OTHERS = 1.5;
const FEWEST_PAIRS = 10;
/** Steps of one life that a step of its copy may cover. */
const PACES = [1, 2, 3, 4, 5] as const;

interface Life {
  readonly index: number;
  readonly raw: readonly Float64Array[];
}

const paced = (column: Float64Array, pace: number, phase: number): Float64Array => Float64Array.from({ length: Math.floor((column.length - phase) / pace) }, (_, at) => column[phase + at * pace] ?? Number.NaN);

const noisesOf = ({ raw }: Life, pace: number, phase: number): Noise => raw.map((column) => noiseOf(pace === 1 ? column : paced(column, pace, phase)));

/** Pairs of lives that tell whether a column's noise is each machine's own, and rows of them that are looked at. */
const PAIRS_LOOKED_AT = 12;
/** Standard errors that one column's agreement reaches at its best shift by chance are about 4; a column that often reaches more has a pattern that machines share. */
const OWN_STRENGTH = 5.5;
const CHANCE_PAIRS = 20;
const ROWS_LOOKED_AT = 300;

/** Columns whose noise is the machine's own: weather, a common load or a daily pattern move alike on most machines and are nobody's mark. */
const ownColumns = (subject: Subject): number[] => {
  const { dataset } = subject.prepared;
  const units = usedUnits(dataset).filter(({ unit }) => unit.rows >= LEAST_ROWS);
  const stride = Math.max(1, Math.floor(units.length / PAIRS_LOOKED_AT));
  return columnsOf(subject.prepared).filter((sensor) => {
    const together: boolean[] = [];
    for (let at = 0; at + 1 < units.length && together.length < PAIRS_LOOKED_AT; at += stride) {
      const [a, b] = [units[at], units[(at + 1 + ((7 * at) % Math.max(1, units.length - 1))) % units.length]].map((one) => (one === undefined ? new Float64Array() : columnOf(dataset, one.unit, sensor).subarray(0, ROWS_LOOKED_AT)));
      if (a === undefined || b === undefined) continue;
      const noises: Noise[] = [[noiseOf(a)], [noiseOf(b)]];
      if (noises.some(([noise]) => noise === null)) return false;
      together.push(bestAgreement(noises[0] ?? [], noises[1] ?? [], a.length, b.length, 1).strength > OWN_STRENGTH);
    }
    return together.length < 3 || together.filter((one) => one).length <= together.length / 3;
  });
};

/** How many columns say as much as one: columns of one life whose noise agrees are no two witnesses. */
const columnsForOne = (noises: readonly Noise[]): number => {
  const squares = noises.flatMap((noise) => {
    const known = noise.flatMap((column) => column ?? []);
    return known.length === 0 ? [] : [known.reduce((sum, a) => sum + known.reduce((inner, b) => inner + correlationOf(a, b) ** 2, 0), 0) / known.length];
  });
  return squares.length === 0 ? 1 : Math.max(1, meanOf(squares));
};

const lengthOf = ({ raw }: Life): number => raw[0]?.length ?? 0;

interface Copy {
  readonly agreement: Agreement;
  readonly pace: number;
}

/** What tells a copy from two lives that agree by chance. */
interface Measure {
  /** Columns that are compared. */
  readonly columns: number;
  /** How many of them are worth one. */
  readonly alike: number;
  /** Strength that pairs reach by chance. */
  readonly chance: number;
}

const isFound = (agreement: Agreement, { alike, chance }: Measure): boolean => isCopy(agreement, alike) && agreement.strength > BEYOND_OTHERS * chance;

/** The strength that 19 of 20 pairs of lives stay below at their best shift; 0 where there are too few pairs to tell. */
const chanceStrength = (lives: readonly Life[], noise: ReadonlyMap<number, Noise>, columns: number): number => {
  const some = (life: Life): Noise => (noise.get(life.index) ?? []).slice(0, columns).map((column) => column?.subarray(0, ROWS_LOOKED_AT) ?? null);
  const lengthSeen = (life: Life): number => Math.min(ROWS_LOOKED_AT, lengthOf(life));
  const strengths: number[] = [];
  const stride = Math.max(1, Math.floor(lives.length / CHANCE_PAIRS));
  for (let at = 0; at < lives.length && strengths.length < 2 * CHANCE_PAIRS; at += stride)
    for (const apart of [1, 1 + Math.floor(lives.length / 3)]) {
      const [a, b] = [lives[at], lives[(at + apart) % lives.length]];
      if (a !== undefined && b !== undefined && a !== b) strengths.push(bestAgreement(some(a), some(b), lengthSeen(a), lengthSeen(b), 1).strength);
    }
  strengths.sort((x, y) => x - y);
  return strengths.length < FEWEST_PAIRS ? 0 : (strengths[Math.floor(0.95 * (strengths.length - 1))] ?? 0);
};

/** The pair's agreement at any pace by some of the columns; null where none is a copy's. */
const copyBy = (a: Life, b: Life, noise: ReadonlyMap<number, Noise>, measure: Measure): Copy | null => {
  const some = (all: Noise): Noise => all.slice(0, measure.columns);
  const same = bestAgreement(some(noise.get(a.index) ?? []), some(noise.get(b.index) ?? []), lengthOf(a), lengthOf(b), 1);
  if (isFound(same, measure)) return { agreement: same, pace: 1 };
  for (const pace of PACES.slice(1))
    for (const [long, short] of [[a, b], [b, a]] as const) {
      // A copy at another pace is about as many times shorter.
      if (Math.abs(Math.log(lengthOf(long) / pace / lengthOf(short))) > 0.2 || lengthOf(short) < LEAST_ROWS) continue;
      for (let phase = 0; phase < pace; phase++) {
        const found = bestAgreement(some(noisesOf(long, pace, phase)), some(noise.get(short.index) ?? []), Math.floor((lengthOf(long) - phase) / pace), lengthOf(short), 1);
        if (isFound(found, measure)) return { agreement: found, pace };
      }
    }
  return null;
};

interface Found extends Copy {
  readonly a: Life;
  readonly b: Life;
}

/** Every pair at every shift, by as many columns as there is time for. */
const byComparing = (lives: readonly Life[], noise: ReadonlyMap<number, Noise>, columns: number, alike: number): Found[] => {
  const pairs = lives.flatMap((a, at) => lives.slice(at + 1).map((b) => ({ a, b })));
  const work = pairs.reduce((sum, { a, b }) => sum + lengthOf(a) * lengthOf(b), 0);
  const affordable = Math.min(columns, Math.floor(MOST_WORK / Math.max(1, work)));
  if (affordable === 0) return [];
  const measure = { columns: affordable, alike: Math.min(alike, affordable), chance: chanceStrength(lives, noise, affordable) };
  return pairs.flatMap(({ a, b }) => {
    const copy = copyBy(a, b, noise, measure);
    return copy === null ? [] : [{ a, b, ...copy }];
  });
};

/** Pairs that a shared pattern of the noise points to. */
const byPatterns = (lives: readonly Life[], noise: ReadonlyMap<number, Noise>, columns: number, alike: number): Found[] => {
  const candidates = sharedPatterns(lives.map(({ index }) => noise.get(index) ?? []));
  if (candidates.length === 0) return [];
  const measure = { columns, alike, chance: chanceStrength(lives, noise, columns) };
  return candidates.flatMap(({ first, second, shift }) => {
    const [a, b] = [lives[first], lives[second]];
    if (a === undefined || b === undefined || Math.min(lengthOf(a), lengthOf(b) - shift) - Math.max(0, -shift) < leastOverlap(lengthOf(a), lengthOf(b))) return [];
    const agreement = agreementAt(noise.get(a.index) ?? [], noise.get(b.index) ?? [], shift);
    return isFound(agreement, measure) ? [{ a, b, agreement, pace: 1 }] : [];
  });
};

/** Lives whose noise is that of another life: across the parts they make the evaluation flatter, within one they are one machine counted twice. */
export const copiedLives = (subject: Subject): HonestyFinding[] => {
  const { dataset } = subject.prepared;
  const sensors = ownColumns(subject).slice(0, MOST_COLUMNS);
  if (sensors.length === 0) return [];
  const lives = usedUnits(dataset).map(({ unit, index }): Life => ({ index, raw: sensors.map((sensor) => columnOf(dataset, unit, sensor)) }));
  const noise = new Map(lives.map((life) => [life.index, noisesOf(life, 1, 0)]));
  const alike = columnsForOne([...noise.values()].slice(0, PAIRS_LOOKED_AT));
  const found = [...byPatterns(lives, noise, sensors.length, alike), ...byComparing(lives, noise, sensors.length, alike)];
  const strongest = found.toSorted((one, other) => other.agreement.mean - one.agreement.mean)[0];
  if (strongest === undefined) return [];
  const units = [...new Set(found.flatMap(({ a, b }) => [unitName(dataset, a.index), unitName(dataset, b.index)]))];
  const [first, second] = [unitName(dataset, strongest.a.index), unitName(dataset, strongest.b.index)];
  const partOf = ({ index }: Life): string | undefined => dataset.document.units[index]?.split;
  const across = found.some(({ a, b }) => partOf(a) !== partOf(b)) ? 'one of such a pair trains and the other validates' : 'one machine counts twice, and with another split it would train and validate';
  return [findingOf('copied-life', { units, figure: strongest.agreement.mean, limit: LIMIT, measure: 'correlation of the noise of two lives', what: `'${second}' is a copy of '${first}'${strongest.pace === 1 ? '' : `, at ${strongest.pace} steps for one`}, even their noise agrees: ${across}.`, remedy: `Remove one of the two machines ('${first}', '${second}'), or join them, and train again.` })];
};
