import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js';
import type { TFJSBinding } from '@tensorflow/tfjs-node/dist/tfjs_binding.js';
import type { GraphRecorder, ProgramInput, Work } from '../program.ts';
import { startRecording, type Recording } from './recording.ts';
import { encodeSavedModel, GRAPH_TAG } from './savedModel.ts';

/** The graph as a session of TensorFlow. The file is needed while it is opened alone. */
const openSession = (binding: TFJSBinding, { nodes }: Recording): number => {
  const folder = mkdtempSync(join(tmpdir(), 'millwright-graph-'));
  try {
    writeFileSync(join(folder, 'saved_model.pb'), encodeSavedModel(nodes));
    // The binding reads the tags up to the last comma.
    return binding.loadSavedModel(folder, `${GRAPH_TAG},`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Runs the work once, its operations written down; the last node is its answer. */
const recordWork = (backend: NodeJSKernelBackend, work: Work, inputs: readonly ProgramInput[]): Recording => {
  const real = backend.binding;
  const recording = startRecording(real, inputs.map(({ values }) => values));
  backend.binding = recording.binding;
  try {
    tf.tidy(() => {
      const answer = work(inputs.map(({ values, shape }) => tf.tensor(values, [...shape])));
      backend.executeSingleOutput('Identity', [{ name: 'T', type: real.TF_ATTR_TYPE, value: real.TF_FLOAT }], [answer]);
    });
    return recording;
  } finally {
    backend.binding = real;
  }
};

/**
 * Graphs on tfjs-node without Python: the operations that tfjs asks of the binding in one run of the work, gradient and all,
 * are written down as a SavedModel, which the binding then runs in a session. One call a step instead of some 150, and
 * TensorFlow may run branches side by side. Measured on two cores: a training step of the default network 25 to 15 ms at
 * [256, 1, 30, 14], 39 to 26 ms at [256, 1, 64, 14].
 */
export const tfjsGraphs =
  (backend: NodeJSKernelBackend): GraphRecorder =>
  (work, recordedWith) => {
    const { binding } = backend;
    const recording = recordWork(backend, work, recordedWith);
    const session = openSession(binding, recording);
    const { placeholders, nodes } = recording;
    const inputNames = placeholders.map(({ name }) => `${name}:0`).join(',');
    const outputName = `${nodes.at(-1)?.name ?? ''}:0`;
    const run = (inputs: readonly ProgramInput[]): Float32Array => {
      const ids = placeholders.map(({ shape, input }) => binding.createTensor([...shape], binding.TF_FLOAT, inputs[input]?.values ?? new Float32Array()));
      try {
        const [answer] = binding.runSavedModel(session, ids, inputNames, outputName);
        if (answer === undefined) throw new Error('The session answered with no tensor.');
        const values = Float32Array.from(binding.tensorDataSync(answer.id));
        binding.deleteTensor(answer.id);
        return values;
      } finally {
        for (const id of ids) binding.deleteTensor(id);
      }
    };
    return { run, release: () => binding.deleteSavedModel(session) };
  };
