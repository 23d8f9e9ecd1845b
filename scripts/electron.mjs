// Everything that anybody has to know about the Electron of this checkout: the set-up puts it
// there, start and the window tests launch it, the package is made of it.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildFolder, localCache, root } from './setup/paths.mjs';
import { SetupProblem } from './setup/problem.mjs';
import { isMissing } from './setup/report.mjs';

/**
 * @typedef {object} Electron
 * @property {string} version
 * @property {'release page' | 'package registry'} origin the second is an older one, for machines
 *   that don't reach the first
 * @property {string} executable for this checkout: its resources/app starts this checkout's build
 * @property {string} dist the same Electron without any app, to make a package of
 */

export const electronFolder = join(localCache, 'electron');
export const electronRecord = join(electronFolder, 'current.json');

/**
 * @returns {Electron | null} null before the set-up has provided one
 */
export function findElectron() {
  try {
    /** @type {Electron} */
    const electron = JSON.parse(readFileSync(electronRecord, 'utf8'));
    return existsSync(electron.executable) && existsSync(join(electron.dist, 'electron')) ? electron : null;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * @returns {Electron}
 * @throws {SetupProblem} before the set-up has provided one
 */
export function providedElectron() {
  const electron = findElectron();
  if (!electron) throw new SetupProblem('there is no Electron in this checkout', 'npm run setup');
  return electron;
}

/**
 * How to start the built app. The app is found through `resources/app` of the executable's folder,
 * a stub that the set-up wrote: the Electron of the package registry takes no path on its command
 * line (it has no default app), and the other one looks there first as well.
 * @param {readonly string[]} [args] for the app
 * @returns {{ executable: string, args: string[] }}
 */
export function launchCommand(args = []) {
  return { executable: providedElectron().executable, args: [...sandboxFlags(), ...args] };
}

/**
 * Chromium ends where it can't sandbox: as root, and where the system gives users no namespaces of
 * their own (and the sandbox's helper can't be made setuid root by a user).
 * @returns {string[]}
 */
export function sandboxFlags() {
  const can = process.getuid?.() !== 0 && spawnSync('unshare', ['--user', '--map-root-user', 'true']).status === 0;
  return can ? [] : ['--no-sandbox'];
}

/** What the stub in `resources/app` starts unless MILLWRIGHT_APP_MAIN names another script. */
export const appMain = join(buildFolder, 'app', 'main.cjs');

const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
export const stubFiles = {
  'package.json': `${JSON.stringify({ name, productName: 'Millwright', version, main: 'main.cjs' })}\n`,
  'main.cjs': `require(process.env.MILLWRIGHT_APP_MAIN || ${JSON.stringify(appMain)});\n`,
};

/**
 * The switches burnt into an Electron binary. `testable` lets Playwright attach, which needs the
 * inspect switch; `fused` is what is shipped.
 * @type {Record<'testable' | 'fused', Record<string, boolean>>}
 */
export const fuses = {
  testable: packageFuses({ inspectable: true }),
  fused: packageFuses({ inspectable: false }),
};

/**
 * @param {{ inspectable: boolean }} variant
 * @returns {Record<string, boolean>}
 */
function packageFuses({ inspectable }) {
  return {
    RunAsNode: false,
    EnableCookieEncryption: true,
    EnableNodeOptionsEnvironmentVariable: false,
    EnableNodeCliInspectArguments: inspectable,
    // Checked by Electron on macOS and Windows; on Linux the switch is there and does nothing.
    EnableEmbeddedAsarIntegrityValidation: true,
    OnlyLoadAppFromAsar: true,
    LoadBrowserProcessSpecificV8Snapshot: false,
    GrantFileProtocolExtraPrivileges: false,
  };
}
