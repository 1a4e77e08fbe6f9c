import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { name: 'switchyard', isolate: false, include: ['src/**/*.test.ts'], testTimeout: 20_000 },
});
