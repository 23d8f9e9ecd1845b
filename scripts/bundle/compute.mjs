// Runs in the bundled Node: compute.mjs OUT. The page of the hidden window that computes on the
// graphics card: one script for the Chromium of the oldest Electron, with tfjs in it.
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { root } from '../setup/paths.mjs';

const out = process.argv[2];
if (!out) throw new Error('usage: compute.mjs OUT');

await build({
  cwd: root,
  input: 'main/compute/page.ts',
  platform: 'browser',
  transform: { target: 'chrome130' },
  output: { file: join(out, 'compute', 'page.js'), format: 'es', sourcemap: true, codeSplitting: false },
});
mkdirSync(join(out, 'compute'), { recursive: true });
cpSync(join(root, 'main', 'compute', 'index.html'), join(out, 'compute', 'index.html'));
