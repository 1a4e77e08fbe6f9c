import { defineConfig } from '@playwright/test';
import { sharedConfig } from './stack/browser.ts';

export default defineConfig(await sharedConfig(), { testDir: './specs' });
