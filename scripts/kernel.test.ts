import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compileKernel } from './kernel.mjs';

it('the reading kernel is what its source compiles to', async () => {
  const stored = readFileSync(new URL('../main/ingest/storing/kernel/wide.wasm.ts', import.meta.url), 'utf8');
  expect(stored, 'run node scripts/kernel.mjs').toBe(await compileKernel());
}, 60_000);
