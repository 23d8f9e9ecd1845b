// Runs in the bundled Node: electron-app.mjs OUT. The main process and the preload scripts, each as
// one CommonJS file for the oldest Electron that may run them (33: Node 20).
import { join } from 'node:path';
import { build } from 'rolldown';
import { root } from '../setup/paths.mjs';

const out = process.argv[2];
if (!out) throw new Error('usage: electron-app.mjs OUT');

for (const name of ['main', 'preload', 'computePreload']) {
  await build({
    cwd: root,
    input: `main/app/${name}.ts`,
    platform: 'node',
    external: [/^electron$/, /^node:/],
    transform: { target: 'node20.18' },
    // A sandboxed preload script can't load a second file.
    output: { file: join(out, 'app', `${name}.cjs`), format: 'cjs', sourcemap: true, codeSplitting: false },
  });
}
