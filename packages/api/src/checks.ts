/* What can be looked at without loading the server, which takes seconds. */
export { readSettings, SettingsError } from './env.ts';
export { checkDatabase } from './persistence/check-database.ts';
export type { ApiSettings } from './settings.ts';
