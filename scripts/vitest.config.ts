import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { name: 'scripts', maxWorkers: 2, isolate: false, include: ['**/*.test.ts'], testTimeout: 20_000 },
});
