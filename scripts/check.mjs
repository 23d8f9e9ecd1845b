// npm run check: what reads the sources without running them: types, lint, the arrows.
import { endStages, runStage } from './testing/run-stage.mjs';
import { staticChecks } from './testing/stages.mjs';
import { table, totals } from './testing/summary.mjs';

process.on('SIGINT', () => void endStages().then(() => process.exit(130)));
const outcomes = [];
for (const stage of staticChecks()) outcomes.push(await runStage(stage));
process.stdout.write(`\n${table(outcomes)}\n`);
process.exitCode = totals(outcomes).failed > 0 ? 1 : 0;
