import { z } from 'zod';

/** One compute backend as its probe in a child process found it. */
export const BackendReport = z.strictObject({
  name: z.enum(['tfjs-node', 'tfjs-node-cuda', 'webgpu', 'wasm', 'plain']),
  device: z.string(),
  available: z.boolean(),
  reason: z.string(),
  selfCheck: z.enum(['passed', 'failed', 'not-run']),
  predictWindowsPerSecond: z.number().nullable(),
  trainMsPerEpoch: z.number().nullable(),
  chosen: z.boolean(),
});
export type BackendReport = z.infer<typeof BackendReport>;
