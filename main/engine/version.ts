import { readFileSync } from 'node:fs';
import { z } from 'zod';

const readVersion = (): string => {
  for (const place of ['../../package.json', '../package.json']) {
    try {
      const found = z.object({ name: z.literal('millwright'), version: z.string() }).safeParse(JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')));
      if (found.success) return found.data.version;
    } catch {
      // Not at this place; the other one is tried.
      continue;
    }
  }
  return 'unknown';
};

/** The app's version, from its package.json. */
export const APP_VERSION = readVersion();
