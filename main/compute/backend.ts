import * as tf from '@tensorflow/tfjs-core';
// tfjs-core alone has neither the chained operations nor the gradients.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** The graphics card as this window sees it. */
export interface Card {
  readonly device: string;
  readonly versions: Record<string, string>;
  /** Resolves with the reason when the device is lost; never before. */
  readonly lost: Promise<string>;
}

const nameOf = ({ vendor, architecture, device, description }: GPUAdapterInfo): string => [vendor, architecture, device, description].filter((part) => part !== '').join(' ') || 'WebGPU adapter';

/**
 * Makes WebGPU the backend of this window.
 * @returns the card, or why there is none
 */
export const openCard = async (): Promise<Card | string> => {
  const gpu: GPU | undefined = 'gpu' in navigator ? navigator.gpu : undefined;
  if (gpu === undefined) return 'this system offers no WebGPU (it needs a DirectX 12, Vulkan or Metal card and its driver)';
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) return 'no graphics card that WebGPU can use was found';
  if (!(await tf.setBackend('webgpu'))) return 'the graphics card was found, but could not be opened';
  await tf.ready();
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) return 'the graphics card was found, but another backend was opened';
  return { device: nameOf(adapter.info), versions: { 'tfjs-core': tf.version_core }, lost: backend.device.lost.then(({ reason, message }) => `${reason === 'destroyed' ? 'the device was destroyed' : 'the device was lost'}${message === '' ? '' : `: ${message}`}`) };
};
