import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import util from 'node:util';
import { MlError } from '../errors.ts';
import { fusedOps, setFusedOps } from './fusedOps.ts';
import { tfjsGraphs } from './graph/tfjsGraphs.ts';
import type { LoadedBackend } from './probeLoaded.ts';
import { setGraphRecorder } from './program.ts';
import { tfjsFusedOps } from './tfjsFusedOps.ts';

/** The oldest Node-API that the compiled binding works with; an older one ends the process without a word. */
const OLDEST_NODE_API = 8;

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/**
 * Loads TensorFlow through tfjs-node and makes it the backend of this process: the only place that does.
 * tfjs-node calls util.isNullOrUndefined, which Node 23 removed (tfjs#8425), and util.isArray, which warns: both are put in place
 * first; TensorFlow's own log is silenced before its library is opened.
 * @throws MlError 'no-backend' when the binding or its library can't be loaded
 */
export const loadTfjsNode = async (): Promise<LoadedBackend> => {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  const version = Number(process.versions['napi'] ?? 0);
  if (version < OLDEST_NODE_API) throw new MlError('no-backend', `tfjs-node needs Node-API ${OLDEST_NODE_API} or newer; this process has ${version}. Run it in the bundled Node.`);
  Object.defineProperty(util, 'isNullOrUndefined', { configurable: true, value: (thing: unknown): boolean => thing === null || thing === undefined });
  Object.defineProperty(util, 'isArray', { configurable: true, value: Array.isArray });
  try {
    const tfjs = await import('@tensorflow/tfjs-node');
    await tfjs.setBackend('tensorflow');
    const backend = tfjs.backend();
    const { NodeJSKernelBackend } = await import('@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js');
    if (fusedOps() === null && backend instanceof NodeJSKernelBackend) {
      setFusedOps(tfjsFusedOps(backend, tfjs.keep(tfjs.tensor1d([]))));
      setGraphRecorder(tfjsGraphs(backend));
    }
    const name = backend instanceof NodeJSKernelBackend && backend.isUsingGpuDevice ? 'tfjs-node-cuda' : 'tfjs-node';
    return { name, versions: { 'tfjs-node': tfjs.version['tfjs-node'], node: process.versions.node } };
  } catch (thrown) {
    throw new MlError('no-backend', `tfjs-node did not load: ${messageOf(thrown)}. Run the set-up again; 'doctor' tells which part is missing.`, {}, thrown);
  }
};

/** Makes tfjs's plain JavaScript the backend of this process: slow, but everywhere. */
export const loadPlain = async (): Promise<LoadedBackend> => {
  // The union package, not the core alone: it brings the gradients.
  const tfjs = await import('@tensorflow/tfjs');
  await tfjs.setBackend('cpu');
  setFusedOps(null);
  setGraphRecorder(null);
  return { name: 'plain', versions: { tfjs: tfjs.version.tfjs, node: process.versions.node } };
};

/** Makes WebAssembly the backend of this process: it predicts where the native library doesn't load; no gradient of a convolution. */
export const loadWasm = async (): Promise<LoadedBackend> => {
  const tfjs = await import('@tensorflow/tfjs');
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist') + sep);
  if (!(await tfjs.setBackend('wasm'))) throw new MlError('no-backend', 'WebAssembly was not accepted by tfjs.');
  setFusedOps(null);
  setGraphRecorder(null);
  return { name: 'wasm', versions: { 'tfjs-backend-wasm': wasm.version_wasm, node: process.versions.node } };
};

/**
 * The fastest backend for predictions that loads here: the native library, else WebAssembly, else plain JavaScript.
 * @returns it, and what kept the faster ones away
 */
export const loadToPredict = async (): Promise<{ backend: LoadedBackend; problems: string[] }> => {
  const problems: string[] = [];
  for (const load of [loadTfjsNode, loadWasm]) {
    try {
      return { backend: await load(), problems };
    } catch (thrown) {
      // The next one can predict as well, more slowly; who asked tells why.
      problems.push(messageOf(thrown));
    }
  }
  return { backend: await loadPlain(), problems };
};
