// npm run -s millwright -- COMMAND: the command line, in the bundled Node. Standard output is the
// command's alone.
import { build, outdated } from './build.mjs';
import { runInPlace } from './run-until-end.mjs';
import { buildFolder, bundledNode } from './setup/paths.mjs';
import { described } from './setup/problem.mjs';
import { say } from './setup/report.mjs';
import { isSetUp, setUp } from './setup/set-up.mjs';

/** It opens no window, so it doesn't build one. */
const needed = /** @type {const} */ (['node', 'data']);

try {
  if (!isSetUp({ window: false })) await setUp({ window: false });
  if (outdated(needed).length > 0) await build(needed);
  process.exitCode = await runInPlace(bundledNode, [`${buildFolder}/cli/start.js`, ...process.argv.slice(2)]);
} catch (error) {
  say(described(error));
  process.exitCode = 1;
}
