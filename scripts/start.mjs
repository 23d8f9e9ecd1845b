// npm start: sets up what is missing, builds what has changed, opens the window.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { hasDisplay, onDisplay, startDisplay } from './display.mjs';
import { launchCommand } from './electron.mjs';
import { onNpmGone, startGroup } from './run-until-end.mjs';
import { defaultPlantFolder } from './setup/paths.mjs';
import { described } from './setup/problem.mjs';
import { say } from './setup/report.mjs';
import { isSetUp, setUp } from './setup/set-up.mjs';

/** On a slow machine the first picture comes when the demo plant's first screen has settled. */
const pictureMs = 120_000;

/** A machine without a display mostly has no message bus either; Chromium complains of it in ten lines. */
const quiet = ['--log-level=3'];

try {
  if (!isSetUp({ window: true })) await setUp();
  await build();
  process.exitCode = await openWindow();
} catch (error) {
  say(described(error));
  process.exitCode = 1;
}

/** @returns {Promise<number>} the window's exit code */
async function openWindow() {
  const plant = defaultPlantFolder();
  // A folder that somebody names is theirs: there the first start asks. Without one, this is the demo plant.
  const env = { ...process.env, MILLWRIGHT_PLANT: plant, MILLWRIGHT_DEMO: process.env['MILLWRIGHT_PLANT'] ? '0' : '1' };
  mkdirSync(plant, { recursive: true });
  say(`opening the window; the plant lies in ${plant}`);
  if (hasDisplay()) return run(env);
  say('this machine has no display (neither DISPLAY nor WAYLAND_DISPLAY is set): the window opens on a virtual one');
  const display = await startDisplay();
  const picture = process.env['MILLWRIGHT_SCREENSHOT'] || join(tmpdir(), `millwright-window-${process.pid}.png`);
  try {
    const watch = announce(picture, display.name);
    const code = await run({ ...onDisplay(display, env), MILLWRIGHT_SCREENSHOT: picture }, quiet);
    watch.stop();
    return code;
  } finally {
    display.stop();
  }
}

/**
 * Says where the picture of the window is, once there is one.
 * @param {string} picture
 * @param {string} display
 */
function announce(picture, display) {
  rmSync(picture, { force: true });
  const started = Date.now();
  const timer = setInterval(() => {
    if (existsSync(picture)) {
      say(`the window is open on display ${display}; screenshot: ${picture} (taken anew every few seconds). Ctrl-C ends everything.`);
    } else if (Date.now() - started > pictureMs) {
      say(`the window is not usable after ${pictureMs / 1000} s: there is no screenshot yet. The lines above may say why.`);
    } else return;
    clearInterval(timer);
  }, 250);
  return { stop: () => clearInterval(timer) };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {readonly string[]} [flags]
 * @returns {Promise<number>}
 */
async function run(env, flags = []) {
  const { executable, args } = launchCommand([...flags, ...process.argv.slice(2)]);
  const window = startGroup(executable, args, env);
  let asked = false;
  const end = () => {
    if (!asked) say('ending the window and all its processes');
    void window.end(asked ? 0 : undefined);
    asked = true;
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, end);
  onNpmGone(end);
  const code = await window.ended;
  await window.end();
  if (!asked && code !== 0) say(`the window ended by itself, with ${code}`);
  return asked ? 0 : code;
}
