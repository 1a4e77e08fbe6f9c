import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { name: 'simulator', maxWorkers: 2, isolate: false, include: ['src/**/*.test.ts'], testTimeout: 15_000 },
});
