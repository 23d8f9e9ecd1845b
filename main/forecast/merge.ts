import type { ModelDocument } from '../../ml/documents/model.ts';
import type { Prediction } from '../../ml/documents/prediction.ts';
import type { Forecast } from '../contract/plant.ts';
import type { Micros, ModelId } from '../contract/values.ts';
import type { Standing } from './slice.ts';

/** What one model said of one machine. */
export interface Answer {
  readonly model: ModelId;
  readonly document: ModelDocument;
  readonly prediction: Prediction;
}

const capOf = ({ config, stepInUnit }: ModelDocument): { cap?: number } => (config.rulCap === null ? {} : { cap: config.rulCap * stepInUnit });

const faultOf = (answers: readonly Answer[]): Forecast['fault'] => {
  const [told] = answers.flatMap(({ prediction: { fault }, document: { unit } }) => (fault === null ? [] : [{ ...fault, unit }]));
  return told ?? null;
};

const anomalyOf = (answers: readonly Answer[], asOf: number): Forecast['anomaly'] => {
  const [told] = answers.flatMap(({ prediction: { anomaly }, document: { step } }) => (anomaly === null ? [] : [{ anomaly, step }]));
  if (told === undefined) return null;
  const { stepsAbove, ...rest } = told.anomaly;
  return { ...rest, since: stepsAbove === null ? null : asOf - stepsAbove * told.step };
};

/** One forecast of what the champions said, each of its own task. The refusal only where none had ground. */
export const forecastOf = ({ asset, asOf }: Standing, answers: readonly Answer[], madeAt: Micros): Omit<Forecast, 'id'> => {
  const grounded = answers.filter(({ prediction }) => prediction.noForecast === null);
  const remaining = grounded.find(({ prediction }) => prediction.rul !== null);
  const rul = remaining?.prediction.rul ?? null;
  const leading = remaining ?? grounded[0] ?? answers[0];
  // Axis units in one unit of the model: a day in microseconds, one cycle.
  const unit = remaining === undefined ? 0 : remaining.document.step / remaining.document.stepInUnit;
  return {
    asset: asset.id,
    model: leading?.model ?? null,
    madeAt,
    asOf,
    rul: rul === null || remaining === undefined ? null : { ...rul, unit: remaining.document.unit, ...capOf(remaining.document) },
    failureAt: rul === null ? null : { median: asOf + rul.median * unit, low: asOf + rul.low * unit, high: asOf + rul.high * unit },
    failureProbability: grounded.flatMap(({ prediction, document }) => (prediction.failure === null ? [] : [{ ...prediction.failure, unit: document.unit }])),
    fault: faultOf(grounded),
    anomaly: anomalyOf(grounded, asOf),
    drivers: leading?.prediction.drivers ?? [],
    noForecast: grounded.length > 0 ? null : (leading?.prediction.noForecast ?? { reason: 'scorer-down', detail: 'the scorer gave no answer for this machine' }),
  };
};
