// Compiles the reading kernel (main/ingest/storing/kernel/assembly) to WebAssembly and writes it, as text, beside the code that loads it.
// node scripts/kernel.mjs: to be run after a change; a test says where it was forgotten.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = fileURLToPath(new URL('../main/ingest/storing/kernel/', import.meta.url));
const options = ['wide.ts', '--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--importMemory', '--outFile', 'wide.wasm'];

/** The module that the loader imports, compiled from the source as it stands. */
export const compileKernel = async () => {
  /** @type {Uint8Array} */
  let binary = new Uint8Array(0);
  const { error, stderr } = await asc.main(options, {
    readFile: (name) => {
      try {
        return readFileSync(join(folder, 'assembly', name), 'utf8');
      } catch {
        // The compiler asks for a file under several names; null: not this one.
        return null;
      }
    },
    writeFile: (_name, contents) => {
      if (contents instanceof Uint8Array) binary = contents;
    },
    listFiles: () => [],
  });
  if (error !== null) throw new Error(`The kernel can't be compiled: ${error.message}\n${stderr.toString()}`);
  return `// Made by scripts/kernel.mjs from assembly/wide.ts: not to be edited.\nexport const wideModule =\n  '${Buffer.from(binary).toString('base64')}';\n`;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(folder, 'wide.wasm.ts'), await compileKernel());
