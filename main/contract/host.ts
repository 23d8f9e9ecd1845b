import { z } from 'zod';
import { ErrorDocument } from './errors.ts';

/** What the engine says to the process that started it, beside the ports' own messages. */
export const EngineMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready'), pid: z.int() }),
  /** It can't serve this plant (held by another engine, damaged, from a newer version): starting again won't help. */
  z.strictObject({ kind: z.literal('refused'), error: ErrorDocument }),
]);
export type EngineMessage = z.infer<typeof EngineMessage>;

/** The engine as the window sees it, told by the main process. */
export const EngineState = z.strictObject({
  state: z.enum(['starting', 'running', 'restarting', 'refused', 'ended']),
  reason: z.string().nullable(),
  error: ErrorDocument.nullable(),
  restarts: z.int(),
});
export type EngineState = z.infer<typeof EngineState>;

/** Versions of what runs the window, for About. */
export const HostInfo = z.strictObject({
  app: z.string(),
  electron: z.string(),
  chrome: z.string(),
  node: z.string(),
  platform: z.string(),
  plantFolder: z.string(),
});
export type HostInfo = z.infer<typeof HostInfo>;
