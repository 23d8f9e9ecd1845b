// Runs in the bundled Node: renderer.mjs OUT. The page, by its own Vite configuration.
import { join } from 'node:path';
import { build } from 'vite';
import { root } from '../setup/paths.mjs';

const out = process.argv[2];
if (!out) throw new Error('usage: renderer.mjs OUT');

await build({
  root: join(root, 'renderer'),
  configFile: join(root, 'renderer', 'vite.config.ts'),
  logLevel: 'warn',
  build: { outDir: join(out, 'renderer'), emptyOutDir: true },
});
