import { cpSync, readdirSync } from 'node:fs';

/** Names the template's folder for Playwright's workers, which are processes of their own. */
export const templateVariable = 'SWITCHYARD_E2E_TEMPLATE';

/** Fills an empty data folder from the template, if there is one. */
export function fillFromTemplate(dataDir: string): void {
  const template = process.env[templateVariable];
  if (template !== undefined && readdirSync(dataDir).length === 0) cpSync(template, dataDir, { recursive: true });
}
