import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['main/**/*.test.ts', 'ml/**/*.test.ts', 'renderer/**/*.test.ts', 'scripts/**/*.test.ts'],
    // Child processes, not threads: tfjs-node and better-sqlite3 each want a process of their own.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    env: { TF_CPP_MIN_LOG_LEVEL: '2' },
  },
});
