import { spawn } from 'node:child_process';
import { diesWithParent } from '../run-until-end.mjs';
import { SetupProblem } from './problem.mjs';

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [remedy] what to do when it fails
 * @property {(line: string) => void} [onLine] each line it prints, both streams
 * @property {() => number} [progress] a number that grows while it gets on (bytes fetched)
 * @property {number} [stallMs] ended when `progress` has not grown for so long
 * @property {number} [tailLines] of its output that a problem repeats
 * @property {boolean} [outlives] goes on to its end when this process is killed
 * @property {boolean} [terminal] may ask the user at the terminal (sudo's password)
 */

/**
 * Runs a program to its end, or to this process's: a set-up that is cut leaves nobody who goes on
 * writing where the next one works.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<string>} what it printed on standard output
 * @throws {SetupProblem} with its last lines, when it fails, stalls or is not there
 */
export function command(program, args, options = {}) {
  return new Promise((fulfil, reject) => {
    // KILL: npm answers TERM by tidying up for seconds, while the next set-up already works there.
    const [file, all] = options.outlives ? [program, args] : diesWithParent(program, args, 'KILL');
    const child = spawn(file, all, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: [options.terminal ? 'inherit' : 'ignore', 'pipe', 'pipe'],
    });
    const heard = { out: '', all: '' };
    const listen = lineReader(options.onLine);
    child.stdout.on('data', (/** @type {Buffer} */ data) => {
      heard.out += data;
      heard.all = (heard.all + data).slice(-8000);
      listen(data);
    });
    child.stderr.on('data', (/** @type {Buffer} */ data) => {
      heard.all = (heard.all + data).slice(-8000);
      listen(data);
    });
    const stall = watchStall(options, () => child.kill('SIGKILL'));
    child.on('error', (cause) => {
      stall.stop();
      reject(new SetupProblem(`${program} can't be started: ${cause.message}`, options.remedy ?? `Install ${program}.`));
    });
    child.on('close', (code, signal) => {
      stall.stop();
      if (code === 0) return fulfil(heard.out);
      const why = stall.stalled() ? 'it got no further' : `it ended with ${code ?? signal}`;
      const tail = heard.all.trim().split('\n').slice(-(options.tailLines ?? 8)).join('\n');
      reject(new SetupProblem(`${[program, ...args].join(' ')}: ${why}\n${tail}`, options.remedy ?? 'Read the lines above and try again.'));
    });
  });
}

/**
 * @param {((line: string) => void) | undefined} onLine
 * @returns {(data: Buffer) => void}
 */
function lineReader(onLine) {
  let rest = '';
  return (data) => {
    if (!onLine) return;
    const lines = (rest + data).split(/\r?\n|\r/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
}

/**
 * @param {CommandOptions} options
 * @param {() => void} end
 */
function watchStall({ progress, stallMs }, end) {
  let stalled = false;
  if (!progress || !stallMs) return { stop: () => undefined, stalled: () => stalled };
  let seen = progress();
  let since = Date.now();
  const timer = setInterval(() => {
    const now = progress();
    if (now !== seen) [seen, since] = [now, Date.now()];
    else if (Date.now() - since > stallMs) {
      stalled = true;
      end();
    }
  }, 1000);
  return { stop: () => clearInterval(timer), stalled: () => stalled };
}
