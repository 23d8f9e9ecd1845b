import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compileKernel, kernels, moduleFile } from './kernel.mjs';

it.each(kernels)('the kernel $name is what its source compiles to', async (kernel) => {
  expect(readFileSync(moduleFile(kernel), 'utf8'), 'run node scripts/kernel.mjs').toBe(await compileKernel(kernel));
}, 60_000);
