import { spawn } from 'node:child_process';

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** @type {NodeJS.Signals[]} */
const ends = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** SIGINT and so on as a shell reports them. */
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/**
 * Where npm started this process: calls back once npm itself is gone, killed in a way that it could
 * not pass on. (Its scripts `exec` node, so that every other signal reaches this process.)
 * @param {() => void} end
 * @returns {() => void} stops watching
 */
export function onNpmGone(end) {
  if (!process.env['npm_lifecycle_event']) return () => undefined;
  const npm = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(timer);
    end();
  }, 500);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Runs a program in this process's place: its standard streams, its signals, its exit code.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} its exit code, 128 + n after signal n
 */
export function runInPlace(program, args, env = process.env) {
  return new Promise((fulfil, reject) => {
    const child = spawn(...diesWithParent(program, args), { stdio: 'inherit', env });
    const pass = (/** @type {NodeJS.Signals} */ signal) => {
      // Ctrl-C at a terminal reaches the child by itself; twice would cut its clean end short.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of ends) process.on(signal, pass);
    const unwatch = onNpmGone(() => child.kill('SIGTERM'));
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const one of ends) process.off(one, pass);
      unwatch();
      fulfil(exitCode(code, signal));
    });
  });
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 * @returns {number}
 */
export function exitCode(code, signal) {
  return code ?? 128 + ((signal && /** @type {Record<string, number>} */ (signalNumbers)[signal]) ?? 0);
}

/**
 * A program and all that it starts: a process group, ended as one. When this process is killed and
 * can't end it, the kernel tells it to end.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ child: ChildProcess, ended: Promise<number>, end: (graceMs?: number) => Promise<void> }}
 */
export function startGroup(program, args, env) {
  const child = spawn(...diesWithParent(program, args), { stdio: ['ignore', 'inherit', 'inherit'], env, detached: true });
  /** @type {Promise<number>} */
  const ended = new Promise((fulfil, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => fulfil(exitCode(code, signal)));
  });
  return { child, ended, end: (graceMs = 10_000) => endGroup(child, ended, graceMs) };
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {'TERM' | 'KILL'} [signal]
 * @returns {[string, string[]]} the same program, which gets the signal when its parent is gone
 */
export function diesWithParent(program, args, signal = 'TERM') {
  return ['setpriv', ['--pdeathsig', signal, program, ...args]];
}

/**
 * @param {ChildProcess} child
 * @param {Promise<number>} ended
 * @param {number} graceMs
 */
async function endGroup(child, ended, graceMs) {
  if (child.pid === undefined) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
  // What the program left behind of its own: ask it, then make it.
  if (!signalGroup(child.pid, 'SIGTERM')) return;
  const until = Date.now() + 3000;
  while (signalGroup(child.pid, 0) && Date.now() < until) await new Promise((fulfil) => setTimeout(fulfil, 50));
  signalGroup(child.pid, 'SIGKILL');
}

/**
 * @param {number | undefined} group
 * @param {NodeJS.Signals | 0} signal
 * @returns {boolean} whether there is anybody in the group
 */
function signalGroup(group, signal) {
  if (group === undefined) return false;
  try {
    return process.kill(-group, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
