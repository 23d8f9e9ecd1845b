// npm test [-- STAGE...]: set-up, build, static checks, vitest, package, window tests on the package.
// All stages are run, whatever fails; a stage that is named is run alone.
import { rmSync } from 'node:fs';
import { build } from './build.mjs';
import { hasDisplay, onDisplay, startDisplay } from './display.mjs';
import { makePackage, packaged } from './package.mjs';
import { onNpmGone } from './run-until-end.mjs';
import { described } from './setup/problem.mjs';
import { say } from './setup/report.mjs';
import { setUp } from './setup/set-up.mjs';
import { endStages, heading, runStage } from './testing/run-stage.mjs';
import { lacking, playwright, staticChecks, vitest } from './testing/stages.mjs';
import { summaryFile, table, totals, writeSummary } from './testing/summary.mjs';

/** @typedef {import('./testing/run-stage.mjs').Outcome} Outcome */

const named = process.argv.slice(2);
const wanted = (/** @type {string} */ name) => named.length === 0 || named.some((one) => name.startsWith(one));
/** @type {Outcome[]} */
const outcomes = [];

const cut = () => void endStages().then(() => process.exit(130));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, cut);
onNpmGone(cut);
rmSync(summaryFile, { force: true });
const ready = (await own('set-up', setUp)) && (await own('build', () => build()));
if (ready) await stages();
writeSummary(outcomes);
process.stdout.write(`\n${table(outcomes)}\n`);
process.exitCode = totals(outcomes).failed > 0 ? 1 : 0;

async function stages() {
  for (const stage of [...staticChecks(), vitest].filter((one) => wanted(one.name))) outcomes.push(await runStage(stage));
  if (!wanted('package') && !wanted(playwright.name)) return;
  if (!(await own('package', makePackage)) || !wanted(playwright.name)) return;
  const env = { ...process.env, MILLWRIGHT_PACKAGED: packaged.testable, MILLWRIGHT_FUSED: packaged.fused };
  if (hasDisplay() || lacking(playwright).length > 0) {
    outcomes.push(await runStage(playwright, env));
    return;
  }
  const display = await startDisplay();
  outcomes.push(await runStage(playwright, onDisplay(display, env)));
  display.stop();
}

/**
 * A stage that is work of this process.
 * @param {string} name
 * @param {() => Promise<void>} work
 * @returns {Promise<boolean>}
 */
async function own(name, work) {
  heading(name);
  const started = Date.now();
  let failed = 0;
  try {
    await work();
  } catch (error) {
    say(described(error));
    failed = 1;
  }
  outcomes.push({ name, counts: { passed: 1 - failed, failed, skipped: 0 }, seconds: (Date.now() - started) / 1000 });
  return failed === 0;
}
