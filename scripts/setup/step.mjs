import { SetupProblem } from './problem.mjs';
import { say } from './report.mjs';
import { readStamp, removeStamp, writeStamp } from './stamp.mjs';

/**
 * @typedef {object} Step one part of the set-up
 * @property {string} name of its stamp
 * @property {string} title
 * @property {'engine' | 'window'} part what can't run without it
 * @property {() => string} key the hash of what its result follows from
 * @property {() => boolean} holds whether what it made is still there: cheap, asked at each start
 * @property {() => Promise<Record<string, string>>} run does it, verifies it, tells versions and
 *   origins; may find it done already; throws SetupProblem
 */

/**
 * Does a step unless its stamp says that it is done and what it made is there. The stamp is taken
 * away first and written last, so that a step that was cut anywhere is done again.
 * @param {Step} step
 * @param {string} [stamps] folder
 * @returns {Promise<'there' | 'done'>}
 * @throws {SetupProblem} when it can't be done
 */
export async function perform(step, stamps) {
  const key = step.key();
  if (readStamp(step.name, stamps)?.key === key && step.holds()) return 'there';
  removeStamp(step.name, stamps);
  const started = Date.now();
  say(`${step.title} ...`);
  const details = await step.run();
  if (!step.holds()) throw new SetupProblem(`${step.title}: done, yet not there`, 'This is a mistake in the set-up; please report it.');
  // Asked again: a step may follow from files that it has itself just fetched.
  writeStamp(step.name, { key: step.key(), details }, stamps);
  say(`${step.title}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return 'done';
}
