export interface KeyState {
  word: string;
  tone: 'good' | 'warn' | 'neutral';
  isUsable: boolean;
}

const weekMs = 7 * 86_400_000;

/** What a key is worth at a moment. */
export function keyState(key: { revokedAt: string | null; expiresAt: string | null }, nowMs: number): KeyState {
  if (key.revokedAt !== null) return { word: 'Revoked', tone: 'neutral', isUsable: false };
  if (key.expiresAt === null) return { word: 'Active', tone: 'good', isUsable: true };
  const left = Date.parse(key.expiresAt) - nowMs;
  if (left <= 0) return { word: 'Expired', tone: 'neutral', isUsable: false };
  return left < weekMs
    ? { word: 'Ends soon', tone: 'warn', isUsable: true }
    : { word: 'Active', tone: 'good', isUsable: true };
}
