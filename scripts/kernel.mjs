// Compiles the kernels (assembly/ in the folders below) from AssemblyScript to WebAssembly and writes each, as text, beside the code that
// loads it. node scripts/kernel.mjs: to be run after a change; a test says where it was forgotten.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

/** Each kernel's folder and name: assembly/NAME.ts becomes NAME.wasm.ts. */
export const kernels = [
  { folder: 'main/ingest/storing/kernel', name: 'wide' },
  { folder: 'main/store/series/codec/kernel', name: 'pack' },
];

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where a kernel's compiled module lies. @param {{ folder: string, name: string }} kernel */
export const moduleFile = ({ folder, name }) => join(root, folder, `${name}.wasm.ts`);

/** The module that the loader imports, compiled from the source as it stands. @param {{ folder: string, name: string }} kernel */
export const compileKernel = async ({ folder, name }) => {
  /** @type {Uint8Array} */
  let binary = new Uint8Array(0);
  const options = [`${name}.ts`, '--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--importMemory', '--outFile', `${name}.wasm`];
  const { error, stderr } = await asc.main(options, {
    readFile: (file) => {
      try {
        return readFileSync(join(root, folder, 'assembly', file), 'utf8');
      } catch {
        // The compiler asks for a file under several names; null: not this one.
        return null;
      }
    },
    writeFile: (_file, contents) => {
      if (contents instanceof Uint8Array) binary = contents;
    },
    listFiles: () => [],
  });
  if (error !== null) throw new Error(`The kernel '${name}' can't be compiled: ${error.message}\n${stderr.toString()}`);
  return `// Made by scripts/kernel.mjs from assembly/${name}.ts: not to be edited.\nexport const ${name}Module =\n  '${Buffer.from(binary).toString('base64')}';\n`;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) for (const kernel of kernels) writeFileSync(moduleFile(kernel), await compileKernel(kernel));
