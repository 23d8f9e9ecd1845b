import type { FittedBaseline } from '../../documents/baseline.ts';
import { byBoosting, fitBoosting } from './boosting.ts';
import { fitLinearInWindow, linearInWindow } from './linearInWindow.ts';
import type { Points } from './points.ts';

type ByClass = Extract<FittedBaseline, { kind: 'majority' | 'class-linear' | 'class-boosting' }>;

const threshold = 0.5;

/** The same points, labelled by whether they are of one class. */
const against = (points: Points, wanted: number): Points => ({ ...points, windows: { ...points.windows, labels: points.windows.labels.map((label) => (label === wanted ? 1 : 0)) } });

/** The naive rivals of a model that tells kinds of faults apart, fitted on its training windows: one function a class, the highest wins. */
export const fitByClass = (training: Points, classes: number, seed: number): ByClass[] => {
  const every = Array.from({ length: classes }, (_, at) => at);
  const { labels } = training.windows;
  return [
    { kind: 'majority', shares: every.map((at) => labels.filter((label) => label === at).length / labels.length), threshold },
    { kind: 'class-linear', classes: every.map((at) => fitLinearInWindow(against(training, at), 'window-mean')), threshold },
    { kind: 'class-boosting', classes: every.map((at) => fitBoosting(against(training, at), { task: 'failure', seed })), threshold },
  ];
};

const scoresOf = (baseline: ByClass, points: Points): ArrayLike<number>[] => {
  switch (baseline.kind) {
    case 'majority':
      return baseline.shares.map((share) => points.windows.labels.map(() => share));
    case 'class-linear':
      return baseline.classes.map((linear) => linearInWindow(linear, points, 'window-mean'));
    case 'class-boosting':
      return baseline.classes.map((boosted) => byBoosting(boosted, points));
  }
};

/** Shares of the classes at each window, summing to 1: row-major [windows, classes]. */
export const predictByClass = (baseline: ByClass, points: Points): Float32Array => {
  const scores = scoresOf(baseline, points);
  const shares = new Float32Array(points.windows.ends.length * scores.length);
  for (let at = 0; at < points.windows.ends.length; at++) {
    const own = scores.map((ofClass) => Math.max(1e-6, ofClass[at] ?? 0));
    const whole = own.reduce((sum, score) => sum + score, 0);
    shares.set(own.map((score) => score / whole), at * scores.length);
  }
  return shares;
};
