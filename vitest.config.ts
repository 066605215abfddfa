import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/scratch-directory.ts'],
    setupFiles: ['test/seed.ts'],
    // Many tests wait for programs they run, so one worker more than CI has cores pays.
    maxWorkers: 3,
    // No module keeps state that a test could leave behind, and loading all of them anew for each file costs a minute.
    isolate: false,
    // Programs that tests run load what those before them have compiled.
    env: { NODE_COMPILE_CACHE: path.resolve('node_modules/.cache/node-compile') },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
