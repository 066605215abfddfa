import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Examples import the package as an app of somebody's own does; here it is one module with what tests import of it.
  resolve: { alias: { 'hydra-autoscaler': path.resolve('infra/index.ts') } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/scratch-directory.ts'],
    setupFiles: ['test/worker.ts'],
    // Many tests wait for programs they run, so one worker more than CI has cores pays.
    maxWorkers: 3,
    // No module keeps state that a test could leave behind, and loading all of them anew for each file costs a minute.
    isolate: false,
    // Programs that tests run load what those before them have compiled.
    env: { NODE_COMPILE_CACHE: path.resolve('node_modules/.cache/node-compile') },
    // No test is judged by how long it takes, which a busy machine decides: a quarter of an hour means that it hangs.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    // What a test that passes has printed is of no interest, such as what the CDK says of a stack that a test makes.
    silent: 'passed-only',
  },
});
