import { ipcRenderer } from 'electron';
import { COMPUTE_PORT } from './bridge.ts';

// The hidden window's whole bridge: one port. A MessagePort can't cross contextBridge, so it goes on as a window message.
ipcRenderer.on(COMPUTE_PORT, (event) => {
  window.postMessage(COMPUTE_PORT, window.location.origin, event.ports);
});
