/**
 * Upper ends, in steps, of the classes of nearness to failure. The last class, beyond them all, is open: a network that has seen
 * a handful of lives can tell the last stage of wear from what comes before, but further out it would only recognise its lives.
 */
export const EDGES: readonly number[] = [12, 25, 50, 100];
export const CLASSES = EDGES.length + 1;
/** The remaining life from which on the network doesn't tell differences, in steps. */
export const HORIZON = EDGES[EDGES.length - 1] ?? Number.NaN;

/** Spread of a target over the neighbouring classes: the classes are in order, and a row on an edge belongs to both. */
const SPREAD = 0.7;

/** Class of a remaining life, 0 the nearest. */
export const classOf = (remaining: number): number => {
  const found = EDGES.findIndex((edge) => remaining < edge);
  return found === -1 ? EDGES.length : found;
};

/** What the network is to put out for each class: shares that fall off with the distance in classes (Diaz and Marathe 2019, soft labels for ordinal regression). */
export const targetsOf = (label: number): number[] => {
  const raised = Array.from({ length: CLASSES }, (_, at) => Math.exp(-0.5 * ((at - label) / SPREAD) ** 2));
  const whole = raised.reduce((sum, value) => sum + value, 0);
  return raised.map((value) => value / whole);
};

/** The remaining life that stands for each class, in steps: its geometric middle. */
const centres = Array.from({ length: CLASSES }, (_, at) => {
  const upper = EDGES[at] ?? 2 * HORIZON;
  const lower = EDGES[at - 1] ?? upper / 3;
  return Math.sqrt(lower * upper);
});

/** A value for each class as one for any remaining life: linear in its logarithm between the classes' middles, constant beyond. */
export const betweenClasses = (values: ArrayLike<number>, remaining: number): number => {
  const above = centres.findIndex((centre) => remaining < centre);
  if (above === 0) return values[0] ?? Number.NaN;
  if (above === -1) return values[CLASSES - 1] ?? Number.NaN;
  const [low = 1, high = 1] = [centres[above - 1], centres[above]];
  const share = Math.log(remaining / low) / Math.log(high / low);
  return (1 - share) * (values[above - 1] ?? Number.NaN) + share * (values[above] ?? Number.NaN);
};
