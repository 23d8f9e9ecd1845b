import { extname, join, resolve } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, Menu, MessageChannelMain, nativeTheme, protocol, session } from 'electron';
import { z } from 'zod';
import type { HostInfo } from '../contract/host.ts';
import { CHOOSE_FILES, CHOOSE_FOLDER, CHOOSE_SAVE_FILE, CONNECT, ENGINE_STATE, INFO, PORT } from './bridge.ts';
import { startEngineProcess, type EngineProcess } from './engine.ts';
import { askForWebGpu, openComputeWindow } from './compute.ts';
import { bundledNode, computeFolder, defaultPlantFolder, engineFile, rendererFolder, windowFolder } from './places.ts';
import { contentSecurityPolicy, servePages } from './protocol.ts';
import { watchForScreenshots } from './screenshots.ts';

const SCHEME = 'millwright';
const PAGE = `${SCHEME}://app/index.html`;

// A privileged scheme makes the page a secure context with an origin of its own; file:// has neither.
protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);

const canCompute = askForWebGpu();

const plantFolder = resolve(process.env['MILLWRIGHT_PLANT'] ?? defaultPlantFolder());
let window: BrowserWindow | null = null;
let engine: EngineProcess | null = null;

const info = (): HostInfo => ({
  app: app.getVersion(),
  electron: process.versions.electron ?? '',
  chrome: process.versions['chrome'] ?? '',
  node: process.versions.node,
  platform: `${process.platform} ${process.arch}`,
  plantFolder,
});

const choose = async (properties: ('openFile' | 'openDirectory' | 'multiSelections')[]): Promise<string[]> => {
  if (window === null) return [];
  const answer = await dialog.showOpenDialog(window, { properties });
  return answer.canceled ? [] : answer.filePaths;
};

/** A bare file name with an extension, of letters, digits, blanks and . _ - ( ): no path, nothing that a system gives a meaning. */
const SaveName = z.string().regex(/^[\p{L}\p{N} ._()-]{1,180}\.[a-z0-9]{1,10}$/u);

const chooseSaveFile = async (asked: unknown): Promise<string | null> => {
  const name = SaveName.parse(asked);
  if (window === null) return null;
  const extension = extname(name).slice(1);
  const answer = await dialog.showSaveDialog(window, { defaultPath: join(app.getPath('documents'), name), filters: [{ name: extension.toUpperCase(), extensions: [extension] }], properties: ['showOverwriteConfirmation', 'createDirectory'] });
  if (answer.canceled || answer.filePath === '') return null;
  // A name that was typed without its extension gets it.
  return extname(answer.filePath).toLowerCase() === `.${extension}` ? answer.filePath : `${answer.filePath}.${extension}`;
};

/** Only the app's own page may speak to the main process. */
const handle = (channel: string, answer: (sender: Electron.WebContents, input: unknown) => unknown): void => {
  ipcMain.handle(channel, (event, input: unknown) => {
    if (event.senderFrame === null || !event.senderFrame.url.startsWith(`${SCHEME}://app/`)) throw new Error(`refused: ${channel} from ${event.senderFrame?.url ?? 'a frame that is gone'}`);
    return answer(event.sender, input);
  });
};

const serveBridge = (): void => {
  handle(CONNECT, (sender) => {
    if (engine === null) return;
    const { port1, port2 } = new MessageChannelMain();
    engine.join(port1);
    sender.postMessage(PORT, null, [port2]);
  });
  handle(INFO, () => info());
  handle(CHOOSE_FILES, () => choose(['openFile', 'multiSelections']));
  handle(CHOOSE_FOLDER, async () => (await choose(['openDirectory']))[0] ?? null);
  handle(CHOOSE_SAVE_FILE, (_sender, name) => chooseSaveFile(name));
  handle(ENGINE_STATE, () => engine?.state() ?? null);
};

const openWindow = async (): Promise<void> => {
  window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    title: 'Millwright',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#14181d' : '#f4f5f6',
    webPreferences: { preload: join(import.meta.dirname, 'preload.cjs'), sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, spellcheck: false },
  });
  window.once('ready-to-show', () => window?.show());
  window.on('closed', () => {
    window = null;
    // A hidden window that computes doesn't keep the app open.
    for (const hidden of BrowserWindow.getAllWindows()) hidden.destroy();
  });
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  await window.loadURL(PAGE);
  watchForScreenshots(window);
};

const lockDown = (): void => {
  // Copying a text that is shown is all that the page may ask of the system.
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === 'clipboard-sanitized-write'));
  session.defaultSession.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !/^(millwright|devtools|blob|data):/.test(details.url) }));
  Menu.setApplicationMenu(null);
};

const start = async (): Promise<void> => {
  await app.whenReady();
  lockDown();
  servePages(SCHEME, { app: rendererFolder(), compute: computeFolder() }, contentSecurityPolicy);
  engine = startEngineProcess({
    node: bundledNode(),
    file: engineFile(),
    plantFolder,
    demo: process.env['MILLWRIGHT_DEMO'] === '1',
    compute: (port) => (canCompute ? openComputeWindow(port) : port.end()),
    onState: (state) => window?.webContents.send(ENGINE_STATE, state),
    onLine: (line) => process.stderr.write(`engine: ${line}\n`),
  });
  serveBridge();
  await openWindow();
};

// One window a plant: the second start hands over to the first and opens nothing.
app.setPath('userData', windowFolder(plantFolder));
if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => {
    if (window === null) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    const ending = engine;
    if (ending === null) return;
    event.preventDefault();
    engine = null;
    void ending.stop().then(() => app.quit());
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
  start().catch((error: unknown) => {
    dialog.showErrorBox('Millwright', `The window could not be opened: ${error instanceof Error ? error.message : String(error)}`);
    app.exit(1);
  });
} else {
  app.exit(0);
}
