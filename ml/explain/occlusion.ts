import type { Task } from '../documents/task.ts';
import { logSumExp } from '../evaluation/softmax.ts';
import type { Driver } from '../documents/prediction.ts';
import { predictCells } from '../models/predict.ts';
import type { Predictor } from '../predictor/predictor.ts';

/** Below this departure from a healthy machine, as a share of the whole range of the output, nothing drives the forecast. */
const LEAST_DEPARTURE = 0.02;

/** How far a machine is from healthy: life that is gone, in steps; the log-odds of a failure, or of any kind of fault. */
const departureOf = (task: Task, values: Float32Array): number => {
  const [first = Number.NaN, ...others] = values;
  if (task === 'rul') return -first;
  return task === 'fault' ? logSumExp(others) - first : first;
};

/**
 * Which sensors carry a forecast: each is replaced in the window by its healthy mean, and what the forecast moves back towards
 * 'healthy' is its part (occlusion, Zeiler and Fergus 2014). One batch for all windows and sensors.
 * @param cells [count, window, inputs], normalised
 * @param values [count, outputs], the head's values of the windows as they are
 * @returns a list a window, largest share first, summing to 1; empty where the machine is as good as healthy
 */
export const driversOf = async (predictor: Predictor, cells: Float32Array, values: Float32Array): Promise<Driver[][]> => {
  const { document, network, weights } = predictor;
  const { inputs, window } = network;
  const size = window * inputs;
  const { head } = network;
  const count = values.length / head.outputs;
  const changed = new Float32Array(count * inputs * size);
  for (let at = 0; at < count; at++)
    for (let input = 0; input < inputs; input++) {
      const place = (at * inputs + input) * size;
      changed.set(cells.subarray(at * size, (at + 1) * size), place);
      for (let row = 0; row < window; row++) changed[place + row * inputs + input] = document.healthy[input] ?? 0;
    }
  const outputs = (await predictCells(network, weights, changed, count * inputs)).map((output) => head.value(output));
  const range = document.task === 'rul' ? (document.config.rulCap ?? 1) : 4;
  const departure = (of: Float32Array, at: number): number => departureOf(document.task, of.subarray(at * head.outputs, (at + 1) * head.outputs));
  return Array.from({ length: count }, (_, at) => {
    const whole = departure(values, at);
    const parts = document.inputs.map((sensor, input) => ({
      sensor: document.sensors[sensor]?.name ?? String(sensor),
      part: Math.max(0, whole - departure(outputs, at * inputs + input)),
    }));
    const total = parts.reduce((sum, { part }) => sum + part, 0);
    if (total < LEAST_DEPARTURE * range) return [];
    return parts.filter(({ part }) => part > 0).map(({ sensor, part }) => ({ sensor, share: part / total })).sort((a, b) => b.share - a.share);
  });
};
