import { defineConfig } from '@playwright/test';
import { sharedConfig } from './stack/browser.ts';

export default defineConfig(await sharedConfig(), { testDir: './screenshots', timeout: 180_000 });
