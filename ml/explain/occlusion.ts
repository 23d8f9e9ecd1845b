import type { Task } from '../documents/task.ts';
import { logSumExp } from '../evaluation/softmax.ts';
import type { Driver } from '../documents/prediction.ts';
import { predictCells } from '../models/predict.ts';
import type { Predictor } from '../predictor/predictor.ts';

/** Below this departure from a healthy machine, as a share of the whole range of the output, nothing drives the forecast. */
const LEAST_DEPARTURE = 0.02;
/** Cells that are made at once, 20 MB: a plant's windows times its sensors would be hundreds. */
const CELLS_AT_ONCE = 5_000_000;
/** Range of the outputs in their own terms: shares of the cap; log-odds. */
const rangeOf = (task: Task): number => (task === 'rul' ? 1 : 4);

/**
 * How far a machine is from healthy, in the outputs' own terms: life that is gone, as a share of the cap; the log-odds of a failure, or of any
 * kind of fault. A remaining life is not held at 0 here: below it, too, one sensor says more than another.
 */
const departureOf = (task: Task, outputs: Float32Array): number => {
  const [first = Number.NaN, ...others] = outputs;
  if (task === 'rul') return -first;
  return task === 'fault' ? logSumExp(others) - first : first;
};

/** Departures of windows that are each made out of one window and one of the inputs: [count, inputs]. */
const departuresOf = async ({ document, network, weights }: Predictor, count: number, make: (window: number, input: number, place: Float32Array) => void): Promise<Float64Array> => {
  const inputs = document.inputs.length;
  const size = network.window * network.inputs;
  const width = network.head.outputs;
  const departures = new Float64Array(count * inputs);
  const most = Math.max(1, Math.floor(CELLS_AT_ONCE / size));
  for (let from = 0; from < departures.length; from += most) {
    const some = Math.min(most, departures.length - from);
    const cells = new Float32Array(some * size);
    for (let at = 0; at < some; at++) make(Math.floor((from + at) / inputs), (from + at) % inputs, cells.subarray(at * size, (at + 1) * size));
    const outputs = await predictCells(network, weights, cells, some);
    for (let at = 0; at < some; at++) departures[from + at] = departureOf(document.task, outputs.subarray(at * width, (at + 1) * width));
  }
  return departures;
};

/** In place: one input of a window as `source` has it, or as a healthy machine's where there is none. */
const putInput = ({ document, network }: Predictor, place: Float32Array, input: number, source: Float32Array | null): void => {
  for (let cell = input; cell < place.length; cell += network.inputs) place[cell] = source === null ? (document.healthy[input] ?? 0) : (source[cell] ?? 0);
};

const healthyWindow = (predictor: Predictor): Float32Array => {
  const { inputs, window } = predictor.network;
  const cells = new Float32Array(window * inputs);
  for (let input = 0; input < inputs; input++) putInput(predictor, cells, input, null);
  return cells;
};

const driversFrom = ({ document }: Predictor, parts: readonly number[]): Driver[] => {
  const kept = parts.map((part) => Math.max(0, part));
  const total = kept.reduce((sum, part) => sum + part, 0);
  if (total < LEAST_DEPARTURE * rangeOf(document.task)) return [];
  return document.inputs.flatMap((sensor, input) => ((kept[input] ?? 0) > 0 ? [{ sensor: document.sensors[sensor]?.name ?? String(sensor), share: (kept[input] ?? 0) / total }] : [])).sort((a, b) => b.share - a.share);
};

/**
 * Which sensors carry a forecast: each is replaced in the window by its healthy mean, and what the forecast moves back towards
 * 'healthy' is its part (occlusion, Zeiler and Fergus 2014). Where several sensors each say as much as all of them, taking one away changes
 * nothing: there each is put alone into a healthy window, and what it takes the forecast away from 'healthy' is its part.
 * @param cells [count, window, inputs], normalised
 * @param outputs [count, outputs], the network's outputs of the windows as they are
 * @returns a list a window, largest share first, summing to 1; empty where the machine is as good as healthy
 */
export const driversOf = async (predictor: Predictor, cells: Float32Array, outputs: Float32Array): Promise<Driver[][]> => {
  const { document, network, weights } = predictor;
  const size = network.window * network.inputs;
  const inputs = document.inputs.length;
  const width = network.head.outputs;
  const count = outputs.length / width;
  const windowAt = (at: number): Float32Array => cells.subarray(at * size, (at + 1) * size);
  const whole = Float64Array.from({ length: count }, (_, at) => departureOf(document.task, outputs.subarray(at * width, (at + 1) * width)));
  const without = await departuresOf(predictor, count, (at, input, place) => {
    place.set(windowAt(at));
    putInput(predictor, place, input, null);
  });
  const drivers = Array.from({ length: count }, (_, at) => driversFrom(predictor, Array.from({ length: inputs }, (_unused, input) => (whole[at] ?? 0) - (without[at * inputs + input] ?? 0))));
  if (drivers.every((own) => own.length > 0)) return drivers;
  const healthy = healthyWindow(predictor);
  const base = departureOf(document.task, await predictCells(network, weights, healthy, 1));
  const shared = drivers.flatMap((own, at) => (own.length === 0 && (whole[at] ?? 0) - base >= LEAST_DEPARTURE * rangeOf(document.task) ? [at] : []));
  const alone = await departuresOf(predictor, shared.length, (at, input, place) => {
    place.set(healthy);
    putInput(predictor, place, input, windowAt(shared[at] ?? 0));
  });
  shared.forEach((at, place) => (drivers[at] = driversFrom(predictor, Array.from(alone.subarray(place * inputs, (place + 1) * inputs), (departure) => departure - base))));
  return drivers;
};
