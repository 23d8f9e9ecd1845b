import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { CHOOSE_FILES, CHOOSE_FOLDER, CHOOSE_SAVE_FILE, CONNECT, ENGINE_STATE, INFO, PORT } from './bridge.ts';

/*
 * The narrow bridge. A MessagePort can't cross contextBridge, so it goes to the page by a window message; the page accepts it
 * only from its own window.
 */
ipcRenderer.on(PORT, (event) => {
  window.postMessage(PORT, window.location.origin, event.ports);
});

contextBridge.exposeInMainWorld('millwright', {
  connect: (): Promise<void> => ipcRenderer.invoke(CONNECT),
  info: (): Promise<unknown> => ipcRenderer.invoke(INFO),
  chooseFiles: (): Promise<string[]> => ipcRenderer.invoke(CHOOSE_FILES),
  chooseFolder: (): Promise<string | null> => ipcRenderer.invoke(CHOOSE_FOLDER),
  chooseSaveFile: (name: string): Promise<string | null> => ipcRenderer.invoke(CHOOSE_SAVE_FILE, name),
  pathOf: (file: File): string => webUtils.getPathForFile(file),
  onEngineState: (listener: (state: unknown) => void): (() => void) => {
    const heard = (_event: unknown, state: unknown): void => listener(state);
    ipcRenderer.on(ENGINE_STATE, heard);
    // The state as it is now: a page that was loaded later missed what was told before.
    void ipcRenderer.invoke(ENGINE_STATE).then(listener);
    return () => ipcRenderer.removeListener(ENGINE_STATE, heard);
  },
});
