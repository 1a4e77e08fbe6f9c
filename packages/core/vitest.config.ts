import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { name: 'core', maxWorkers: 2, isolate: false, include: ['src/**/*.test.ts'], testTimeout: 20_000 },
});
