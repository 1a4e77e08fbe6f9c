import { askAuth } from './auth.ts';

/** Second factor: what an authenticator app is told, and the codes that stand in for it. */
export interface TwoFactorSecret {
  readonly totpURI: string;
  readonly backupCodes: readonly string[];
}

export const startTwoFactor = (password: string) => askAuth<TwoFactorSecret>('two-factor/enable', { password });
/** Both the proof that an app was set up and the second step of a sign-in. */
export const verifyCode = (code: string, trustDevice = false) =>
  askAuth('two-factor/verify-totp', { code, trustDevice });
export const verifyBackupCode = (code: string) => askAuth('two-factor/verify-backup-code', { code });
export const stopTwoFactor = (password: string) => askAuth('two-factor/disable', { password });
export const renewBackupCodes = (password: string) =>
  askAuth<{ backupCodes: readonly string[] }>('two-factor/generate-backup-codes', { password });
