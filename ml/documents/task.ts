import { z } from 'zod';

/**
 * What a model predicts.
 * rul: remaining useful life (ISO 13381-1) along the axis of the run.
 * failure: probability that the machine fails within the horizon.
 * fault: the kind of fault present. anomaly: departure from healthy running, no labels needed.
 */
export const Task = z.enum(['rul', 'failure', 'fault', 'anomaly']);
export type Task = z.infer<typeof Task>;

/** The axis of a series: wall-clock time in microseconds since 1970, or a cycle count of a run-to-failure test. */
export const Axis = z.enum(['time', 'cycle']);
export type Axis = z.infer<typeof Axis>;
