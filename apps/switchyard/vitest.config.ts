import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { name: 'switchyard', maxWorkers: 2, isolate: false, include: ['src/**/*.test.ts'], testTimeout: 20_000 },
});
