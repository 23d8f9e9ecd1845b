import { spawn } from 'node:child_process';
import { diesWithParent } from './run-until-end.mjs';
import { SetupProblem } from './setup/problem.mjs';

/**
 * @typedef {object} Display
 * @property {string} name for the environment variable DISPLAY
 * @property {() => void} stop
 */

/** Whether somebody can see a window here. */
export function hasDisplay(env = process.env) {
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

/**
 * Starts a virtual screen of its own. Xvfb itself picks a free number, so that two never meet.
 * @param {string} [size]
 * @returns {Promise<Display>}
 * @throws {SetupProblem}
 */
export function startDisplay(size = '1600x1000x24') {
  return new Promise((fulfil, reject) => {
    const server = spawn(...diesWithParent('Xvfb', ['-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp', '-noreset']), {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      // Its own group: on Ctrl-C it has to outlive the window that draws on it.
      detached: true,
    });
    let complaint = '';
    let number = '';
    server.stderr?.on('data', (data) => (complaint = (complaint + data).slice(-2000)));
    server.stdio[3]?.on('data', (data) => {
      number += data;
      if (number.endsWith('\n')) fulfil({ name: `:${number.trim()}`, stop: () => void server.kill('SIGTERM') });
    });
    server.on('error', (cause) => reject(new SetupProblem(`Xvfb can't be started: ${cause.message}`, 'npm run setup installs it.')));
    server.on('exit', (code) => reject(new SetupProblem(`Xvfb ended with ${code}: ${complaint}`, 'Is /tmp/.X11-unix writable?')));
  });
}

/**
 * @param {Display} display
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv} of a program that shall draw on that display and on no other
 */
export function onDisplay(display, env = process.env) {
  /** @type {NodeJS.ProcessEnv} */
  const elsewhere = { ...env, DISPLAY: display.name, XDG_SESSION_TYPE: 'x11' };
  delete elsewhere['WAYLAND_DISPLAY'];
  return elsewhere;
}
