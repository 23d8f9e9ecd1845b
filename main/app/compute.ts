import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app, BrowserWindow, MessageChannelMain } from 'electron';
import type { PortEnd } from '../channel/port.ts';
import { COMPUTE_PORT } from './bridge.ts';

const PAGE = 'millwright://compute/index.html';

/** Chromium's software adapter for WebGPU, for machines without a card: for tests, far slower than the processor. */
const softwareAdapter: readonly (readonly [string, string])[] = [
  ['enable-unsafe-webgpu', ''],
  ['use-webgpu-adapter', 'swiftshader'],
  ['enable-features', 'Vulkan,WebGPU'],
  ['use-vulkan', 'swiftshader'],
  ['ignore-gpu-blocklist', ''],
];

/**
 * Sets Chromium's switches for WebGPU; to be called before the app is ready. MILLWRIGHT_WEBGPU is 'off', 'software' (tests), or
 * 'vulkan' (a Linux whose driver Chromium doesn't take by itself); without it, what the system offers.
 * @returns whether a window could compute on a card
 */
export const askForWebGpu = (): boolean => {
  const wish = process.env['MILLWRIGHT_WEBGPU'] ?? '';
  if (wish === 'software') {
    for (const [name, value] of softwareAdapter) app.commandLine.appendSwitch(name, value);
    return true;
  }
  // Where there is no graphics card, Chromium's GPU process fails at its start, now and then without an end: the window then never opens.
  if (process.platform === 'linux' && !existsSync('/dev/dri')) {
    app.disableHardwareAcceleration();
    app.commandLine.appendSwitch('disable-gpu');
    return false;
  }
  if (process.platform === 'linux') app.commandLine.appendSwitch('enable-unsafe-webgpu');
  if (wish === 'vulkan') app.commandLine.appendSwitch('enable-features', 'Vulkan');
  return wish !== 'off';
};

/**
 * Opens the hidden window for one conversation and joins it to the port; it closes with the port, and the port ends with it,
 * whether it was closed, its process died or the GPU's.
 */
export const openComputeWindow = (port: PortEnd): void => {
  const window = new BrowserWindow({
    show: false,
    width: 1,
    height: 1,
    title: 'Millwright compute',
    webPreferences: { preload: join(import.meta.dirname, 'computePreload.cjs'), sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, backgroundThrottling: false },
  });
  const close = (): void => {
    port.end();
    if (!window.isDestroyed()) window.destroy();
  };
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  window.webContents.on('render-process-gone', close);
  window.on('closed', () => port.end());
  port.on('close', close);
  window.loadURL(PAGE).then(() => {
    if (window.isDestroyed()) return;
    const { port1, port2 } = new MessageChannelMain();
    port.on('message', (event) => port1.postMessage(event?.data));
    port1.on('message', (event) => port.postMessage(event.data));
    port1.on('close', close);
    port1.start();
    window.webContents.postMessage(COMPUTE_PORT, null, [port2]);
  }, close);
};
