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

/** "2 days 3 h", "4 min 05 s": how long an old secret is still good; undefined when it is no more. */
export function leftInWords(expiresAt: string | null, nowMs: number): string | undefined {
  if (expiresAt === null) return undefined;
  const seconds = Math.ceil((Date.parse(expiresAt) - nowMs) / 1000);
  if (!(seconds > 0)) return undefined;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days ${hours % 24} h`;
}
