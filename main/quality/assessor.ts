import type { SensorQuality } from '../contract/data.ts';
import type { Asset, Sensor } from '../contract/plant.ts';
import type { QualityFinding, QualityThresholds } from '../contract/quality.ts';
import type { SensorId } from '../contract/values.ts';
import type { Plant } from '../store/plant.ts';
import type { SeriesInfo } from '../store/series/series.ts';
import { expectedOf, findingsOf, scoreOf, withCopies, type CopyOf } from './findings.ts';
import { habitsOf, sampleOf, type Habits } from './learn/learn.ts';
import { physicalLimits } from './learn/physical.ts';
import { pagesOf, type Span } from './scan/pages.ts';
import { Periods } from './scan/periods.ts';
import { rulesOf, type ScanRules } from './scan/rules.ts';
import { SensorScan, type ScanResult } from './scan/scan.ts';
import { wordsOf } from './words.ts';

type Turn = () => Promise<void>;

/** What is remembered of one sensor: its scan goes on where it stopped while rows only come behind the last one. */
interface Remembered {
  readonly habits: Habits;
  readonly rules: ScanRules;
  /** Rows there were when its habits were learned. */
  readonly learnedFrom: number;
  readonly scan: SensorScan;
  /** Readings that were replaced by then: one more, and what was scanned has changed. */
  readonly replaced: number;
}

/** Scans that are remembered: some kilobytes each. Of a larger plant's other sensors, what was found is. */
const MOST_SCANS = 2000;

/** Habits are learned anew once a sensor has so many times the rows that they were learned from. */
const LEARN_AGAIN = 1.25;

/** What was found about one sensor by itself. */
type Assessed = Pick<SensorQuality, 'count' | 'missing' | 'gaps' | 'flat' | 'spikes' | 'outOfRange' | 'expected' | 'completeness'> & { readonly own: readonly QualityFinding[] };

interface Scanned {
  readonly state: Remembered;
  readonly info: SeriesInfo;
}

const nothingChosen = { interval: null, gapFactor: null, flatReadings: null, spikeSigmas: null };

type AssessorStore = Pick<Plant, 'series' | 'qualities'>;

/** Scans sensors and remembers what it saw until their readings change. */
export class Assessor {
  readonly #plant: AssessorStore;
  readonly #remembered = new Map<SensorId, Remembered>();
  readonly #running = new Map<SensorId, Promise<void>>();
  /** What was found, while the readings are the ones named by `of`. */
  readonly #found = new Map<SensorId, { readonly of: string; readonly quality: Assessed }>();

  constructor(plant: AssessorStore) {
    this.#plant = plant;
  }

  /** @param turn hands the event loop its turn now and then */
  async quality(asset: Asset, sensor: Sensor, turn: Turn, copies: readonly CopyOf[] = []): Promise<SensorQuality> {
    const { own, ...counts } = await this.#assessed(sensor, turn);
    const findings = withCopies(own, copies, counts.count);
    return { sensor: sensor.id, asset: asset.name, name: sensor.name, unit: sensor.unit, ...counts, score: scoreOf(findings), reasons: findings.map(wordsOf), findings };
  }

  async #assessed(sensor: Sensor, turn: Turn): Promise<Assessed> {
    const { points, missing, first, last, receivedAt } = this.extent(sensor.id);
    const whole = this.#plant.series.info(sensor.id);
    const of = [whole.points, points, missing, first, last, receivedAt, this.#replacedOf(sensor.id)].join(' ');
    const known = this.#found.get(sensor.id);
    if (known?.of === of) return known.quality;
    const { state: { rules, scan }, info } = await this.#upToDate(sensor, turn);
    await turn();
    const result = scan.result();
    const expected = expectedOf(rules, info);
    const quality: Assessed = {
      count: whole.points, missing: whole.missing, gaps: result.gaps.count, flat: result.isConstant ? 0 : result.flat.count, spikes: result.spikes.count, outOfRange: result.outOfRange.count,
      expected, completeness: expected === null ? null : Math.min(1, info.points / expected),
      own: whole.points > 0 && info.points === 0 ? [] : findingsOf(result, info, this.#plant.qualities.repeats(sensor.id)),
    };
    // Rows may have come in meanwhile: then this is what was found before them.
    if (info.points === points && info.missing === missing) this.#found.set(sensor.id, { of, quality });
    return quality;
  }

  /** The rows of a span by the sensor's rules, counted by periods. */
  async scanSpan(sensor: Sensor, span: Span, periods: number, turn: Turn): Promise<{ rules: ScanRules; result: ScanResult }> {
    const { series } = this.#plant;
    const { rules } = this.#known(sensor);
    const { points, missing, first } = this.extent(sensor.id);
    const scan = new SensorScan(rules, new Periods(span.from, span.to, periods));
    const judged = { from: Math.max(span.from, first ?? span.to), to: span.to };
    for await (const page of pagesOf(series, sensor.id, judged, points + missing, turn)) scan.feed(page.positions, page.values);
    return { rules, result: scan.result() };
  }

  /** What is judged of a sensor: what was thinned to means by rule tells nothing of its logger any more. */
  extent(sensor: SensorId): SeriesInfo {
    const { series, qualities } = this.#plant;
    const info = series.info(sensor);
    const until = qualities.thinnedUntil(sensor);
    if (until === null || info.last === null) return info;
    const [first] = series.readPage({ sensor, from: until, after: true, to: info.last, limit: 1 }).positions;
    return first === undefined ? { ...info, points: 0, missing: 0, first: null, last: null } : { ...info, points: series.rawReadings(sensor, until, info.last), missing: 0, first };
  }

  thresholds(sensor: Sensor): { learned: QualityThresholds; chosen: QualityThresholds } {
    return { learned: learnedOf(sensor, this.#known(sensor).habits), chosen: this.#chosenOf(sensor) };
  }

  /** The rules of a sensor as they are now. */
  rules(sensor: Sensor): ScanRules {
    return this.#known(sensor).rules;
  }

  forget(sensor: SensorId): void {
    this.#remembered.delete(sensor);
    this.#found.delete(sensor);
  }

  #chosenOf({ id, limitLow, limitHigh }: Sensor): QualityThresholds {
    return { ...nothingChosen, ...this.#plant.qualities.thresholds(id), low: limitLow, high: limitHigh };
  }

  #replacedOf(id: SensorId): number {
    return this.#plant.qualities.repeats(id)?.replaced ?? 0;
  }

  #anew(sensor: Sensor, info: SeriesInfo): Remembered {
    const habits = habitsOf(sampleOf(this.#plant.series, sensor.id, info));
    const rules = rulesOf(sensor, habits, this.#chosenOf(sensor));
    const fresh: Remembered = { habits, rules, learnedFrom: info.points + info.missing, scan: new SensorScan(rules), replaced: this.#replacedOf(sensor.id) };
    this.#remembered.set(sensor.id, fresh);
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= MOST_SCANS) break;
      this.#remembered.delete(oldest);
    }
    return fresh;
  }

  #known(sensor: Sensor): Remembered {
    const info = this.extent(sensor.id);
    const found = this.#remembered.get(sensor.id);
    const isOld = found === undefined || info.points + info.missing > found.learnedFrom * LEARN_AGAIN || this.#replacedOf(sensor.id) !== found.replaced;
    return isOld ? this.#anew(sensor, info) : found;
  }

  async #feedOn({ scan }: Remembered, sensor: SensorId, { points, missing, first, last }: SeriesInfo, turn: Turn): Promise<void> {
    if (first === null || last === null || scan.readings === points) return;
    const isBegun = !Number.isNaN(scan.last);
    const span = { from: isBegun ? scan.last : first, to: last, isOpen: isBegun };
    for await (const page of pagesOf(this.#plant.series, sensor, span, points + missing - scan.rows, turn)) scan.feed(page.positions, page.values);
  }

  /** Brings a scan up to the newest row; begins anew where rows came in between. */
  async #scanned(sensor: Sensor, turn: Turn): Promise<Scanned> {
    const info = this.extent(sensor.id);
    let state = this.#known(sensor);
    await this.#feedOn(state, sensor.id, info, turn);
    if (state.scan.readings !== info.points) {
      state = this.#anew(sensor, info);
      await this.#feedOn(state, sensor.id, info, turn);
    }
    return { state, info };
  }

  /** One at a time for each sensor: two that feed one scan would feed it twice. */
  async #upToDate(sensor: Sensor, turn: Turn): Promise<Scanned> {
    for (let other = this.#running.get(sensor.id); other !== undefined; other = this.#running.get(sensor.id)) await other;
    const work = this.#scanned(sensor, turn);
    // Whoever waits only wants it to be over; what was thrown reaches the one that asked for it.
    const over = (): void => {
      this.#running.delete(sensor.id);
    };
    this.#running.set(sensor.id, work.then(over, over));
    return work;
  }
}

const learnedOf = (sensor: Sensor, habits: Habits): QualityThresholds => {
  const physical = physicalLimits(sensor);
  const finite = (value: number | undefined): number | null => (value === undefined || !Number.isFinite(value) ? null : value);
  return {
    interval: habits.interval,
    gapFactor: habits.gapFactor,
    flatReadings: sensor.kind === 'state' ? null : habits.flatReadings,
    spikeSigmas: habits.sigma > 0 && sensor.kind === 'number' ? habits.spikeSigmas : null,
    low: finite(physical?.low),
    high: finite(physical?.high),
  };
};
