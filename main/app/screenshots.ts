import { rename, writeFile } from 'node:fs/promises';
import type { BrowserWindow } from 'electron';

const EVERY_MS = 5000;

/**
 * With MILLWRIGHT_SCREENSHOT set, the window keeps a picture of itself in that file, taken anew every few seconds, so that a
 * machine without a screen can be checked.
 */
export const watchForScreenshots = (window: BrowserWindow): void => {
  const file = process.env['MILLWRIGHT_SCREENSHOT'];
  if (file === undefined || file === '') return;
  const take = async (): Promise<void> => {
    const image = await window.webContents.capturePage();
    await writeFile(`${file}.part`, image.toPNG());
    await rename(`${file}.part`, file);
  };
  const timer = setInterval(() => {
    take().catch((error: unknown) => process.stderr.write(`no screenshot: ${String(error)}\n`));
  }, EVERY_MS);
  window.on('closed', () => clearInterval(timer));
};
