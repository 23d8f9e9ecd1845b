// Runs in the bundled Node: node-programs.mjs OUT. The programs of the Node children and of the
// command line, as ES modules for that Node, with what they share in chunks/.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { root } from '../setup/paths.mjs';
import { programs } from './parts.mjs';

const out = process.argv[2];
if (!out) throw new Error('usage: node-programs.mjs OUT');
const there = programs.filter((name) => existsSync(join(root, 'main', name, 'start.ts')));

await build({
  cwd: root,
  input: Object.fromEntries(there.map((name) => [`${name}/start`, `main/${name}/start.ts`])),
  platform: 'node',
  // The native parts stay packages: they find their libraries beside themselves.
  external: [/^better-sqlite3$/, /^@tensorflow\//, /^electron$/, /^node:/],
  output: {
    dir: out,
    format: 'es',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  },
});
// In the package these files lie outside the archive, away from the app's own package.json.
writeFileSync(join(out, 'package.json'), '{ "type": "module" }\n');
