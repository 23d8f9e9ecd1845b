/** Indexes of the scores, highest first. */
const descending = (scores: Float32Array): number[] => [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));

/**
 * Area under the precision-recall curve as average precision: the sum of precision times the gain in recall, equal scores
 * taken together (Davis and Goadrich 2006 warn of straight lines between the points). 0 without a positive label.
 */
export const averagePrecision = (scores: Float32Array, labels: Float32Array): number => {
  const order = descending(scores);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  let area = 0;
  let tp = 0;
  let said = 0;
  for (let at = 0; at < order.length; ) {
    const score = scores[order[at] ?? 0];
    let gained = 0;
    while (at < order.length && scores[order[at] ?? 0] === score) {
      gained += labels[order[at] ?? 0] ?? 0;
      said++;
      at++;
    }
    tp += gained;
    area += (gained / Math.max(1, positives)) * (tp / said);
  }
  return area;
};

/** The threshold with the highest F1; where several have it, the highest. 0.5 when there is nothing to choose by. */
export const bestThreshold = (scores: Float32Array, labels: Float32Array): number => {
  const order = descending(scores);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  let best = 0;
  let threshold = 0.5;
  let tp = 0;
  order.forEach((index, at) => {
    tp += labels[index] ?? 0;
    const next = order[at + 1];
    if (next !== undefined && scores[next] === scores[index]) return;
    const f1 = (2 * tp) / (at + 1 + positives);
    if (f1 > best) {
      best = f1;
      // Between this score and the next one, so that a hair's difference in the backend changes nothing.
      threshold = next === undefined ? (scores[index] ?? 0.5) : ((scores[index] ?? 0) + (scores[next] ?? 0)) / 2;
    }
  });
  return threshold;
};
