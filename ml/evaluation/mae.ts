/** Mean absolute error, in the unit of its arguments. @returns NaN for no points */
export const mae = (predicted: ArrayLike<number>, truth: ArrayLike<number>): number => {
  let sum = 0;
  for (let at = 0; at < truth.length; at++) sum += Math.abs((predicted[at] ?? Number.NaN) - (truth[at] ?? Number.NaN));
  return sum / truth.length;
};
