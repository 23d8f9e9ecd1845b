import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import { MlError } from '../errors.ts';
import { absent, probeLoaded, type BackendName, type Probed } from './probeLoaded.ts';
import { loadPlain, loadTfjsNode, loadWasm } from './tfjs.ts';

const processor = (): string => `${os.cpus()[0]?.model.trim() ?? 'CPU'} (${os.availableParallelism()} threads)`;

const measured = async (name: BackendName, device: string, load: () => Promise<unknown>, trains = true): Promise<Probed> => {
  try {
    await load();
    return await probeLoaded(name, device, trains);
  } catch (thrown) {
    return absent(name, device, thrown instanceof Error ? thrown.message : String(thrown));
  }
};

const DRIVER = '/proc/driver/nvidia/version';

/** A card needs three things, in this order: NVIDIA's driver, the CUDA build of TensorFlow, and a self-check that passes. */
const probeCuda = async (): Promise<Probed> => {
  const name = 'tfjs-node-cuda';
  if (!existsSync(DRIVER)) return absent(name, 'none', `no NVIDIA driver on this machine (${DRIVER} is not there), so no card to use`);
  const card = `NVIDIA, driver ${/\d+\.\d+(\.\d+)?/.exec(readFileSync(DRIVER, 'utf8'))?.[0] ?? 'unknown'}`;
  // Whoever starts this process puts the CUDA build's libraries before the usual ones.
  if (process.env['MILLWRIGHT_CUDA_LIBRARIES'] === undefined) return absent(name, card, "a card is there, but the CUDA build of TensorFlow is not installed: an optional second download, 'backends install-cuda'");
  return measured(name, card, async () => {
    const { name: loaded } = await loadTfjsNode();
    if (loaded !== name) throw new MlError('no-backend', "TensorFlow's CUDA build loads, but finds no card that it can use; the driver may be too old for it");
  });
};

/**
 * Probes one backend in this process, which it takes for itself: to be run in a child of its own, as a backend that doesn't
 * fit the machine may end the process without a word.
 */
export const probeBackend = (name: BackendName): Promise<Probed> => {
  switch (name) {
    case 'tfjs-node':
      return measured(name, processor(), loadTfjsNode);
    case 'tfjs-node-cuda':
      return probeCuda();
    case 'webgpu':
      return Promise.resolve(absent(name, 'none', 'there is no window here: WebGPU is probed and used while the app is open'));
    case 'wasm':
      return measured(name, processor(), loadWasm);
    case 'plain':
      return measured(name, processor(), loadPlain, false);
  }
};

/** Environment of the child that probes a backend: the CPU's probe must not see a card. */
export const probeEnvironment = (name: BackendName): Record<string, string> => (name === 'tfjs-node' ? { CUDA_VISIBLE_DEVICES: '-1' } : {});
