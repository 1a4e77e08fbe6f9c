import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'api',
    include: ['src/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 90_000,
    globalSetup: ['src/testing/data-dir-template.ts'],
    provide: { testDatabaseUrl: process.env.SWITCHYARD_TEST_DATABASE_URL ?? '' },
  },
});
