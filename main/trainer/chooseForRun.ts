import type { Multiplexer } from '../channel/multiplex.ts';
import type { BackendUse } from '../contract/trainer.ts';
import { measureTrainingOf } from '../../ml/backend/measure.ts';
import type { Prepared } from '../../ml/training/prepare.ts';
import { openComputeWindow, type ComputeWindow } from './window.ts';

const MEASURE_MS = 800;
/** A card that takes longer to measure than this is slower than any processor. */
const LIMIT_MS = 30_000;

/** Where a run computes: in this process, or in the hidden window; why in words. */
export interface Choice {
  readonly window: ComputeWindow | null;
  readonly why: BackendUse['why'];
  readonly reason: string;
}

const measuredIn = async (window: ComputeWindow, { config, network }: Prepared): Promise<number | string> => {
  const timer = setTimeout(() => window.close(), LIMIT_MS);
  try {
    window.send({ kind: 'measure', config, inputs: network.inputs, classes: network.head.outputs });
    const { message } = await window.next();
    if (message.kind === 'measured') return message.msPerEpoch;
    return message.kind === 'failed' ? message.error.message : message.kind === 'lost' ? message.reason : 'it ended while it was measured';
  } finally {
    clearTimeout(timer);
  }
};

const milliseconds = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

/**
 * The faster of this process's backend and the hidden window's, measured with the run's own network on 12,800 windows.
 * @param native name of this process's backend
 * @param wish 'webgpu' or the native one's name: taken without being measured; anything else measures
 */
export const chooseForRun = async (prepared: Prepared, native: string, ports: Multiplexer | null, wish: string): Promise<Choice> => {
  if (wish === native) return { window: null, why: 'asked', reason: `${native}, as asked for` };
  const window = ports === null ? 'there is no window here that could compute' : await openComputeWindow(ports);
  if (typeof window === 'string') return { window: null, why: 'only', reason: `${native}; WebGPU: ${window}` };
  if (wish === 'webgpu') return { window, why: 'asked', reason: `webgpu (${window.device}), as asked for` };
  const card = await measuredIn(window, prepared);
  const own = await measureTrainingOf(prepared.network, MEASURE_MS);
  if (typeof card === 'number' && card < own) return { window, why: 'faster', reason: `webgpu (${window.device}): ${milliseconds(card)} an epoch of this network, ${native} ${milliseconds(own)}` };
  window.close();
  return { window: null, why: 'faster', reason: `${native}; WebGPU (${window.device}): ${typeof card === 'string' ? card : `${milliseconds(card)} an epoch of this network, here ${milliseconds(own)}`}` };
};
