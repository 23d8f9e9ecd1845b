/** What a rolling bearing runs under. */
export interface OperatingCondition {
  readonly speedRpm: number;
  readonly loadN: number;
}

/** Exponent of the load in the basic rating life of ball bearings (ISO 281:2007). */
const BALL_EXPONENT = 3;

/**
 * Life in hours under one condition as a multiple of the life under another, for the same ball bearing: L10 in revolutions goes
 * with load^-3, and hours with revolutions over speed (ISO 281:2007, basic rating life).
 */
export const lifeRatio = (under: OperatingCondition, reference: OperatingCondition): number =>
  (reference.loadN / under.loadN) ** BALL_EXPONENT * (reference.speedRpm / under.speedRpm);
