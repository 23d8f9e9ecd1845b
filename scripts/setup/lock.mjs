import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SetupProblem } from './problem.mjs';
import { isMissing, say } from './report.mjs';

/**
 * Does work that only one process may do at a time. The kernel holds the lock (flock on a file that
 * a small child keeps open until its standard input closes), so it goes with the process that holds
 * it, however that ends: no stale lock to find out about.
 * @template T
 * @param {string} file
 * @param {string} what is being done, for whoever waits
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, what, work) {
  mkdirSync(dirname(file), { recursive: true });
  const release = (await acquire(file, ['--nonblock'])) ?? (await waitFor(file, what));
  writeFileSync(`${file}.holder`, `process ${process.pid}`);
  try {
    return await work();
  } finally {
    await release();
  }
}

/**
 * @param {string} file
 * @param {string} what
 * @returns {Promise<() => Promise<void>>}
 */
async function waitFor(file, what) {
  say(`${what}: ${holder(file)} is at it; waiting until it is done`);
  const release = await acquire(file, []);
  if (!release) throw new SetupProblem(`the lock ${file} can't be had`, 'Look whether its folder can be written to.');
  return release;
}

/** @param {string} file */
function holder(file) {
  try {
    return readFileSync(`${file}.holder`, 'utf8');
  } catch (error) {
    if (isMissing(error)) return 'another process';
    throw error;
  }
}

/**
 * @param {string} file
 * @param {readonly string[]} flags
 * @returns {Promise<(() => Promise<void>) | null>} null: another process holds it
 */
function acquire(file, flags) {
  return new Promise((fulfil, reject) => {
    const keeper = spawn('flock', [...flags, file, 'sh', '-c', 'echo held; exec cat >/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // Its own group: Ctrl-C must not take the lock away from work that is still cleaning up.
      detached: true,
    });
    keeper.on('error', (cause) => reject(new SetupProblem(`flock can't be started: ${cause.message}`, 'Install util-linux.')));
    /** @type {Promise<void>} */
    const gone = new Promise((ended) => keeper.on('exit', () => ended()));
    keeper.stdout.once('data', () =>
      fulfil(() => {
        keeper.stdin.end();
        return gone;
      }),
    );
    void gone.then(() => fulfil(null));
  });
}
