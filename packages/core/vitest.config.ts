import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { name: 'core', isolate: false, include: ['src/**/*.test.ts'], testTimeout: 20_000 },
});
