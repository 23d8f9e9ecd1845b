import * as tf from '@tensorflow/tfjs-core';

/** One input of a program: its values, flat, and their shape. */
export interface ProgramInput {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

/** Tensor work over the inputs' tensors, in their order. What it reads besides must be the same in every run. */
export type Work = (inputs: readonly tf.Tensor[]) => tf.Tensor;

/** A work as one graph of the backend, for inputs of certain shapes. */
export interface RecordedWork {
  /** The answer, flat, the caller's own. */
  run(inputs: readonly ProgramInput[]): Float32Array;
  release(): void;
}

/** A backend that can record the operations of a work and run them as one graph, without a call from JavaScript for each. */
export type GraphRecorder = (work: Work, inputs: readonly ProgramInput[]) => RecordedWork;

/** Graphs that are kept; the one used longest ago is released first and recorded anew when it is needed again. */
const MOST_GRAPHS = 48;
/** Largest difference between graph and single operations, as a share of the largest value: another order of summation. */
const TOLERANCE = 1e-3;

let recorder: GraphRecorder | null = null;
let problem: string | null = null;
const kept = new Map<RecordedWork, () => void>();

/** Whoever sets the backend says whether it can record graphs. */
export const setGraphRecorder = (next: GraphRecorder | null): void => {
  recorder = next;
  problem = null;
};

/** Whether programs run as graphs in this process, and what was wrong with the last that didn't. */
export const graphState = (): { graphs: boolean; problem: string | null } => ({ graphs: recorder !== null && problem === null, problem });

/** The work done operation by operation. */
const runEagerly = async (work: Work, inputs: readonly ProgramInput[]): Promise<Float32Array> => {
  const answer = tf.tidy(() => work(inputs.map(({ values, shape }) => tf.tensor(values, [...shape]))));
  const values = Float32Array.from(await answer.data());
  answer.dispose();
  return values;
};

const assertAlike = (graph: Float32Array, eager: Float32Array): void => {
  if (graph.length !== eager.length) throw new Error(`the graph answered with ${graph.length} values, expected ${eager.length}`);
  const largest = eager.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  graph.forEach((value, at) => {
    const expected = eager[at] ?? Number.NaN;
    if (!(Math.abs(value - expected) <= TOLERANCE * largest) && !Object.is(value, expected)) throw new Error(`the graph gave ${value} where its operations give ${expected}`);
  });
};

const keep = (recorded: RecordedWork, forget: () => void): void => {
  kept.set(recorded, forget);
  for (const [oldest, forgetIt] of kept) {
    if (kept.size <= MOST_GRAPHS) return;
    kept.delete(oldest);
    forgetIt();
    oldest.release();
  }
};

const shapesOf = (inputs: readonly ProgramInput[]): string => inputs.map(({ shape }) => shape.join('x')).join(' ');

/**
 * A work that runs again and again, with other inputs. Where the backend can record graphs, it is recorded once a set of
 * shapes, held against its single operations on inputs that it was not recorded with, and run as a graph from then on;
 * elsewhere, and where that fails, operation by operation. All runs of one set of shapes go the same way, so that a resumed
 * training computes what the uninterrupted one does.
 */
export class Program {
  private readonly work: Work;
  private readonly recorded = new Map<string, RecordedWork | null>();

  constructor(work: Work) {
    this.work = work;
  }

  /** The answer of the work, flat; tensors alive are the same before and after. */
  async run(inputs: readonly ProgramInput[]): Promise<Float32Array> {
    if (recorder === null) return runEagerly(this.work, inputs);
    const key = shapesOf(inputs);
    const known = this.recorded.get(key);
    if (known === null) return runEagerly(this.work, inputs);
    const recorded = known ?? (await this.record(recorder, key, inputs));
    if (recorded === null) return runEagerly(this.work, inputs);
    const forget = kept.get(recorded);
    if (forget !== undefined) {
      kept.delete(recorded);
      kept.set(recorded, forget);
    }
    return recorded.run(inputs);
  }

  private async record(by: GraphRecorder, key: string, inputs: readonly ProgramInput[]): Promise<RecordedWork | null> {
    let recorded: RecordedWork | null = null;
    try {
      // A value that the work takes from elsewhere than its inputs would be frozen into the graph, and show here.
      recorded = by(this.work, inputs.map(({ values, shape }) => ({ values: values.map((value) => value / 2), shape })));
      assertAlike(recorded.run(inputs), await runEagerly(this.work, inputs));
    } catch (thrown) {
      // What can't be recorded still runs; the backend's report tells it.
      problem = thrown instanceof Error ? thrown.message : String(thrown);
      recorded?.release();
      recorded = null;
    }
    this.recorded.set(key, recorded);
    if (recorded !== null) keep(recorded, () => this.recorded.delete(key));
    return recorded;
  }
}
