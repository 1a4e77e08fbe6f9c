import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // The very file that Node loads for Yoga and Pothos: Vite would choose the other of graphql's two builds.
    alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }],
  },
  test: {
    name: 'api',
    include: ['src/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Loading the server and compiling the embedded Postgres costs seconds: once per worker, not once per file.
    isolate: false,
    // Behaviours that wait side by side.
    maxConcurrency: 50,
    testTimeout: 30_000,
    hookTimeout: 90_000,
    // A busy machine is late, not wrong.
    expect: { poll: { timeout: 15_000 } },
    globalSetup: ['src/testing/data-dir-template.ts'],
    provide: { testDatabaseUrl: process.env.SWITCHYARD_TEST_DATABASE_URL ?? '' },
  },
});
