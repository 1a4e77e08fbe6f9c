/* What can be looked at without loading the server, which takes seconds. */
export { readSettings, SettingsError } from './env.ts';
export { checkChains } from './features/audit/check-chains.ts';
export { type AuditVerification, type ChainEntry, verifyChain } from './features/audit/verify-chain.ts';
export type { BooksAudit } from './features/guardrails/audit-ledger.ts';
export { checkBooks } from './features/guardrails/check-books.ts';
export { checkDatabase } from './persistence/check-database.ts';
export type { ApiSettings } from './settings.ts';
