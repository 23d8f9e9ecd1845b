// npm run setup: everything that the app needs and that package-lock.json alone can't bring.
import { fileURLToPath } from 'node:url';
import { setUp } from './setup/set-up.mjs';
import { described } from './setup/problem.mjs';
import { say } from './setup/report.mjs';
import { build } from './build.mjs';

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await setUp();
    await build();
  } catch (error) {
    say(described(error));
    process.exitCode = 1;
  }
}
