import type { HonestyFinding } from '../../documents/honesty.ts';
import { correlationOf, meanOf, spreadOf } from '../statistics.ts';
import { columnOf, columnsOf, findingOf, unitName, usedUnits, type Subject } from '../subject.ts';

/**
 * Two machines share how they wear, never their noise. What is left of a sensor when its slow part is taken away agrees
 * between two lives only where one is a copy of the other: scaled, shifted, with noise added, resampled or cut.
 */
const LIMIT = 0.4;
/** Standard errors above what columns give by chance: hundreds of thousands of pairs and places are looked at. */
const STANDARD_ERRORS = 6.5;
/** Rows that say as much as one independent row: what is left without the slow part swings to and fro (1 + 2 * (4/9 + 1/36)). */
const ROWS_FOR_ONE = 1.94;
/** Rows that must overlap. */
const LEAST_ROWS = 16;
const MOST_COLUMNS = 8;
/** Share of the rows in which a column may stand still. */
const MOST_STILL = 0.4;
/** Pairs of rows and shifts looked at, at most: large plants are sampled. */
const MOST_WORK = 2.5e8;
/** Steps of one life that a step of its copy may cover. */
const PACES = [1, 2, 3, 4, 5] as const;

/** The noise of a life: per column what remains of it without its slow part, scaled to spread 1; null where nothing does. */
type Noise = readonly (Float64Array | null)[];

interface Life {
  readonly index: number;
  readonly raw: readonly Float64Array[];
}

const noiseOf = (column: Float64Array): Float64Array | null => {
  const rough = column.map((value, row) => {
    const before = column[row - 1] ?? Number.NaN;
    const after = column[row + 1] ?? Number.NaN;
    return value - (before + after) / 2;
  });
  const spread = spreadOf(rough);
  const whole = spreadOf(column);
  if (!(spread > 1e-6 * Math.max(1e-9, whole))) return null;
  // A value that is held, or a switch, has no noise but some jumps, which agree by chance.
  if (rough.filter((value) => Math.abs(value) < 1e-3 * spread).length > MOST_STILL * rough.length) return null;
  // A jump (a change of load, a spike) must not be all that is compared.
  return rough.map((value) => Math.max(-4, Math.min(4, value / spread)));
};

const paced = (column: Float64Array, pace: number, phase: number): Float64Array => Float64Array.from({ length: Math.floor((column.length - phase) / pace) }, (_, at) => column[phase + at * pace] ?? Number.NaN);

const noisesOf = ({ raw }: Life, pace: number, phase: number): Noise => raw.map((column) => noiseOf(pace === 1 ? column : paced(column, pace, phase)));

interface Agreement {
  /** Mean correlation over the columns. */
  readonly mean: number;
  readonly columns: number;
  /** Root of the columns' summed squared Fisher z (Fisher 1915): about sqrt(columns) by chance. */
  readonly strength: number;
}

/** Agreement where row k of `a` meets row k + shift of `b`. */
const agreementAt = (a: Noise, b: Noise, shift: number): Agreement => {
  const correlations: number[] = [];
  let squares = 0;
  a.forEach((own, column) => {
    const other = b[column];
    if (own === null || other === null || other === undefined) return;
    let [product, squareA, squareB, count] = [0, 0, 0, 0];
    for (let at = Math.max(0, -shift); at < Math.min(own.length, other.length - shift); at++) {
      const x = own[at] ?? Number.NaN;
      const y = other[at + shift] ?? Number.NaN;
      if (Number.isNaN(x) || Number.isNaN(y)) continue;
      product += x * y;
      squareA += x * x;
      squareB += y * y;
      count++;
    }
    if (count < LEAST_ROWS || squareA === 0 || squareB === 0) return;
    const correlation = product / Math.sqrt(squareA * squareB);
    correlations.push(correlation);
    squares += Math.atanh(Math.max(-0.9999, Math.min(0.9999, correlation))) ** 2 * Math.max(1, count / ROWS_FOR_ONE - 3);
  });
  return { mean: correlations.length === 0 ? 0 : meanOf(correlations.map(Math.abs)), columns: correlations.length, strength: Math.sqrt(squares) };
};

/** @param alike how many columns are worth one, since a machine's own load moves several of them */
const isCopy = ({ mean, columns, strength }: Agreement, alike: number): boolean => columns > 0 && mean > LIMIT && strength / Math.sqrt(alike) > Math.sqrt(columns / alike) + STANDARD_ERRORS;

/** The best agreement of two lives over all shifts at which they overlap enough. */
const bestAgreement = (a: Noise, b: Noise, lengthA: number, lengthB: number, stride: number): Agreement => {
  let best: Agreement = { mean: 0, columns: 0, strength: 0 };
  for (let shift = LEAST_ROWS - lengthA; shift <= lengthB - LEAST_ROWS; shift += stride) {
    const found = agreementAt(a, b, shift);
    if (found.strength > best.strength) best = found;
  }
  return best;
};

/** Pairs of lives that tell whether a column's noise is each machine's own, and rows of them that are looked at. */
const PAIRS_LOOKED_AT = 12;
const ROWS_LOOKED_AT = 300;

/** Columns whose noise is the machine's own: weather, a common load or a daily pattern move alike on most machines and are nobody's mark. */
const ownColumns = (subject: Subject): number[] => {
  const { dataset } = subject.prepared;
  const units = usedUnits(dataset).filter(({ unit }) => unit.rows >= LEAST_ROWS);
  const stride = Math.max(1, Math.floor(units.length / PAIRS_LOOKED_AT));
  return columnsOf(subject.prepared).filter((sensor) => {
    const together: boolean[] = [];
    for (let at = 0; at + 1 < units.length && together.length < PAIRS_LOOKED_AT; at += stride) {
      const [a, b] = [units[at], units[at + 1]].map((one) => (one === undefined ? new Float64Array() : columnOf(dataset, one.unit, sensor).subarray(0, ROWS_LOOKED_AT)));
      if (a === undefined || b === undefined) continue;
      const noises: Noise[] = [[noiseOf(a)], [noiseOf(b)]];
      if (noises.some(([noise]) => noise === null)) return false;
      together.push(isCopy(bestAgreement(noises[0] ?? [], noises[1] ?? [], a.length, b.length, 1), 1));
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

/** The pair's agreement at any pace; null where none is a copy's. */
const copyOf = (a: Life, b: Life, noise: ReadonlyMap<number, Noise>, alike: number): { agreement: Agreement; pace: number } | null => {
  const lengthOf = ({ raw }: Life): number => raw[0]?.length ?? 0;
  const same = bestAgreement(noise.get(a.index) ?? [], noise.get(b.index) ?? [], lengthOf(a), lengthOf(b), 1);
  if (isCopy(same, alike)) return { agreement: same, pace: 1 };
  for (const pace of PACES.slice(1))
    for (const [long, short] of [[a, b], [b, a]] as const) {
      // A copy at another pace is about as many times shorter.
      if (Math.abs(Math.log(lengthOf(long) / pace / lengthOf(short))) > 0.2 || lengthOf(short) < LEAST_ROWS) continue;
      for (let phase = 0; phase < pace; phase++) {
        const found = bestAgreement(noisesOf(long, pace, phase), noise.get(short.index) ?? [], Math.floor((lengthOf(long) - phase) / pace), lengthOf(short), 1);
        if (isCopy(found, alike)) return { agreement: found, pace };
      }
    }
  return null;
};

/** Validation lives whose noise is that of a training life. */
export const copiedLives = (subject: Subject): HonestyFinding[] => {
  const { dataset } = subject.prepared;
  const sensors = ownColumns(subject).slice(0, MOST_COLUMNS);
  if (sensors.length === 0) return [];
  const lives = usedUnits(dataset).map(({ unit, index }) => ({ index, split: unit.split, raw: sensors.map((sensor) => columnOf(dataset, unit, sensor)) }));
  const noise = new Map(lives.map((life) => [life.index, noisesOf(life, 1, 0)]));
  const alike = columnsForOne([...noise.values()].slice(0, PAIRS_LOOKED_AT));
  const [training, validation] = [lives.filter(({ split }) => split === 'train'), lives.filter(({ split }) => split === 'validation')];
  const pairs = training.flatMap((a) => validation.map((b) => ({ a, b })));
  const work = pairs.reduce((sum, { a, b }) => sum + (a.raw[0]?.length ?? 0) * (b.raw[0]?.length ?? 0) * sensors.length, 0);
  const every = Math.ceil(work / MOST_WORK);
  const found = pairs.filter((_, at) => at % every === 0).flatMap(({ a, b }) => {
    const copy = copyOf(a, b, noise, alike);
    return copy === null ? [] : [{ a, b, ...copy }];
  });
  const strongest = found.toSorted((one, other) => other.agreement.mean - one.agreement.mean)[0];
  if (strongest === undefined) return [];
  const units = [...new Set(found.flatMap(({ a, b }) => [unitName(dataset, a.index), unitName(dataset, b.index)]))];
  const [first, second] = [unitName(dataset, strongest.a.index), unitName(dataset, strongest.b.index)];
  return [findingOf('copied-life', { units, figure: strongest.agreement.mean, limit: LIMIT, measure: 'correlation of the noise of a training and a validation life', what: `'${second}' validates and is a copy of '${first}', which trains${strongest.pace === 1 ? '' : `, at ${strongest.pace} steps for one`}: even their noise agrees.`, remedy: `Remove one of the two machines ('${first}', '${second}'), or join them, and train again.` })];
};
