/** Root mean square error, in the unit of its arguments. @returns NaN for no points */
export const rmse = (predicted: ArrayLike<number>, truth: ArrayLike<number>): number => {
  let sum = 0;
  for (let at = 0; at < truth.length; at++) sum += ((predicted[at] ?? Number.NaN) - (truth[at] ?? Number.NaN)) ** 2;
  return Math.sqrt(sum / truth.length);
};
