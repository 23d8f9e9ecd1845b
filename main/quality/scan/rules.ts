import type { Sensor } from '../../contract/plant.ts';
import type { QualityThresholds } from '../../contract/quality.ts';
import { physicalLimits } from '../learn/physical.ts';
import { IRREGULAR_JITTER, type Habits } from '../learn/learn.ts';

/** A limit that a reading must not pass: set by people or by nature (infinite where there is none). */
export interface Limits {
  readonly low: number;
  readonly high: number;
}

/** How the readings of one sensor are judged: what people chose, else what was learned. */
export interface ScanRules {
  readonly interval: number | null;
  /** Whether steps keep so close to the interval that a drift of it can be told. */
  readonly isRegular: boolean;
  /** Relative distance of a step to the interval that is usual. */
  readonly tolerance: number;
  readonly gapFactor: number;
  readonly flatReadings: number | null;
  /** Values this near to each other are the same one at rest. */
  readonly quantum: number;
  /** Ends of the usual range: where a sensor stands still again and again, its machine is off or at a stop. */
  readonly ends: Limits | null;
  /** Whether the flat line's length was set by people: then a value of rest is one too. */
  readonly isFlatChosen: boolean;
  readonly spikeSigmas: number;
  readonly sigma: number;
  readonly limits: Limits;
  /** Readings beyond `far` are out of range if next to none lie between `near` and `far`; null where that is not judged. */
  readonly learned: { readonly near: Limits; readonly far: Limits } | null;
}

/** Spreads of the usual readings by which a reading that is much too far lies beyond them, and those up to which it may be a trend. */
const NEAR_SPREADS = 2;
const FAR_SPREADS = 10;

const learnedRange = ({ usual }: Habits): ScanRules['learned'] => {
  if (usual === null) return null;
  const beyond = (spreads: number): Limits => ({ low: usual.low - spreads * usual.spread, high: usual.high + spreads * usual.spread });
  return { near: beyond(NEAR_SPREADS), far: beyond(FAR_SPREADS) };
};

/** Share of the usual range that its ends are wide. */
const END_SHARE = 0.03;

const endsOf = ({ usual }: Habits): Limits | null => (usual === null ? null : { low: usual.low + END_SHARE * usual.spread, high: usual.high - END_SHARE * usual.spread });

/** The rules for a sensor. @param chosen by people, limits included */
export const rulesOf = (sensor: Sensor, habits: Habits, chosen: QualityThresholds): ScanRules => {
  const physical = physicalLimits(sensor);
  const isState = sensor.kind === 'state';
  const interval = chosen.interval ?? habits.interval;
  return {
    interval,
    isRegular: interval !== null && habits.jitter < IRREGULAR_JITTER,
    tolerance: Math.max(0.1, 3 * habits.jitter),
    gapFactor: chosen.gapFactor ?? habits.gapFactor,
    flatReadings: chosen.flatReadings ?? (isState ? null : habits.flatReadings),
    quantum: habits.quantum,
    ends: endsOf(habits),
    isFlatChosen: chosen.flatReadings !== null,
    spikeSigmas: chosen.spikeSigmas ?? habits.spikeSigmas,
    sigma: isState ? 0 : habits.sigma,
    limits: { low: chosen.low ?? physical?.low ?? -Infinity, high: chosen.high ?? physical?.high ?? Infinity },
    learned: isState || (chosen.low !== null && chosen.high !== null) ? null : learnedRange(habits),
  };
};
