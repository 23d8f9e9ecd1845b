import type { EvaluationDetail } from '../../ml/documents/detail.ts';
import { costCurve, type Costs } from '../../ml/documents/costs.ts';
import { table } from './output.ts';

const percent = (share: number): string => `${Math.round(100 * share)} %`;

const alarmLines = ({ unit, alarms }: EvaluationDetail, rul: boolean): string[] => {
  if (alarms === null) return [];
  const { chosen, exposure, exposureUnit } = alarms;
  const lead = chosen.leadTime === null ? '' : `, lead time ${chosen.leadTime.median.toPrecision(3)} ${unit} (${chosen.leadTime.least.toPrecision(3)} to ${chosen.leadTime.most.toPrecision(3)})`;
  const rate = exposure > 0 ? `, ${(chosen.falseAlarms / exposure).toPrecision(3)} a ${exposureUnit === 'machine-years' ? 'machine-year' : 'thousand cycles'}` : '';
  const at = rul ? `alarms at ${chosen.threshold.toPrecision(3)} ${unit} left` : `alarms at probability ${chosen.threshold.toPrecision(2)}`;
  return [`${at}: ${chosen.caught} of ${chosen.failures} failures caught${lead}; ${chosen.falseAlarms} false alarms${rate}`];
};

/** Costs by threshold, in the plant's money for each failure that comes. */
const costLines = ({ alarms }: EvaluationDetail, costs: Costs | null): string[] => {
  if (alarms === null || costs === null) return [];
  const { points, chosen, runToFailure, best } = costCurve(alarms, costs);
  return ['', `cost a failure: ${chosen.toPrecision(4)} with these alarms, ${runToFailure.toPrecision(4)} without any${best === null ? '' : `, ${best.perFailure.toPrecision(4)} at threshold ${best.threshold.toPrecision(3)}`}`, ...table(['threshold', 'cost a failure'], points.map(({ threshold, perFailure }) => [threshold, perFailure]))];
};

/** What stands behind the numbers of an evaluation, in a few lines. */
export const detailLines = (detail: EvaluationDetail | null | undefined, costs: Costs | null = null): string[] => {
  if (detail === null || detail === undefined) return [];
  const { unit, prognostic, reliability, errorByTruth } = detail;
  return [
    ...alarmLines(detail, errorByTruth !== null),
    ...(prognostic === null ? [] : [`within ${percent(prognostic.alpha)} of the truth: ${prognostic.accuracy.map(({ lambda, within }) => `${percent(within)} of the lives at lambda ${lambda}`).join(', ')}; prognostic horizon ${prognostic.horizon === null ? 'none' : `${prognostic.horizon.toPrecision(3)} ${unit}`} (${prognostic.livesWithHorizon} of ${prognostic.lives} lives)`]),
    ...(errorByTruth === null ? [] : ['', ...table([`true life left (${unit})`, 'windows', 'RMSE', 'bias'], errorByTruth.map(({ from, to, points, rmse, bias }) => [from < to ? `${from.toPrecision(3)} to ${to.toPrecision(3)}` : `${from.toPrecision(3)} or more`, points, rmse, bias]))]),
    ...(reliability === null ? [] : [`Brier score ${reliability.brier.toPrecision(3)}, expected calibration error ${reliability.expectedError.toPrecision(3)}`, ...table(['probability', 'windows', 'said', 'came'], reliability.bins.map(({ from, to, points, predicted, observed }) => [`${from.toFixed(1)} to ${to.toFixed(1)}`, points, predicted, observed]))]),
    ...costLines(detail, costs),
  ];
};
