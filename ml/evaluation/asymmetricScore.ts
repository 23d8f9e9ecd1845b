/**
 * Score of the PHM08 challenge (Saxena, Goebel, Simon and Eklund 2008): the sum over points of exp(-d/13) - 1 for d < 0 and
 * exp(d/10) - 1 for d >= 0, with d = predicted - true in cycles. Late costs more than early; it grows with the points.
 */
export const asymmetricScore = (predicted: ArrayLike<number>, truth: ArrayLike<number>): number => {
  let sum = 0;
  for (let at = 0; at < truth.length; at++) {
    const late = (predicted[at] ?? Number.NaN) - (truth[at] ?? Number.NaN);
    sum += late < 0 ? Math.expm1(-late / 13) : Math.expm1(late / 10);
  }
  return sum;
};
