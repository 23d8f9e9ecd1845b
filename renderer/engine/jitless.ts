import { z } from 'zod';

// Zod compiles its validators with `new Function`, which the content security policy forbids. Imported before any schema.
z.config({ jitless: true });
