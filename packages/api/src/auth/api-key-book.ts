import type { Clock } from '@switchyard/core/kernel';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { type ApiKeyRuleColumns, type ApiKeyRules, toKeyRules } from './api-key-rules.ts';

/** Rules that are older are read anew before they are gone by; a change elsewhere holds here after this time at the latest. */
const trustedForMs = 1_000;
const maxKept = 10_000;

interface Kept {
  readonly rules: ApiKeyRules | undefined;
  readonly readAtMs: number;
}

/**
 * What the keys that are in use may call. Whoever resolves a credential notes it here, so that a call asks no query;
 * runs, whose keys show no credential any more, read it.
 */
export class ApiKeyBook {
  readonly #prisma: Pick<PrismaClient, 'apiKey'>;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();

  constructor(prisma: Pick<PrismaClient, 'apiKey'>, clock: Clock) {
    this.#prisma = prisma;
    this.#clock = clock;
  }

  /** Keeps what was just read of a key. */
  note(row: ApiKeyRuleColumns): void {
    this.#keep(row.id, toKeyRules(row));
  }

  /** The rules as they were last read, without asking anybody. */
  known(keyId: string | undefined): ApiKeyRules | undefined {
    return keyId === undefined ? undefined : this.#kept.get(keyId)?.rules;
  }

  /**
   * The rules of a key; undefined for none and for a key that is no more. A promise only when they must be read; rejects
   * when the database cannot say what they are and nobody knows: nothing may be called without them.
   */
  of(keyId: string | undefined): ApiKeyRules | undefined | Promise<ApiKeyRules | undefined> {
    if (keyId === undefined) return undefined;
    const kept = this.#kept.get(keyId);
    if (kept && this.#clock.monotonicMs() - kept.readAtMs < trustedForMs) return kept.rules;
    return this.#read(keyId, kept);
  }

  /** A key was changed in this process. */
  forget(keyId: string): void {
    this.#kept.delete(keyId);
  }

  async #read(keyId: string, kept: Kept | undefined): Promise<ApiKeyRules | undefined> {
    try {
      const row = await this.#prisma.apiKey.findUnique({ where: { id: keyId } });
      return this.#keep(keyId, row ? toKeyRules(row) : undefined);
    } catch (error) {
      if (kept) return kept.rules;
      throw error;
    }
  }

  #keep(keyId: string, rules: ApiKeyRules | undefined): ApiKeyRules | undefined {
    if (this.#kept.size >= maxKept) this.#kept.clear();
    this.#kept.set(keyId, { rules, readAtMs: this.#clock.monotonicMs() });
    return rules;
  }
}
