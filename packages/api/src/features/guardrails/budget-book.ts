import type { Budget, BudgetSource } from '@switchyard/core/guardrails';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { toBudget } from './budget.mapping.ts';

const none: readonly Budget[] = [];

/**
 * All enabled budgets of the installation, in memory, because every call asks for them. `reload` at the start, after a
 * change here, and every second or two for changes made elsewhere: until then another process counts by the old
 * budget, but gets no new lease by it.
 */
export class BudgetBook implements BudgetSource {
  readonly #prisma: PrismaClient;
  #byTeam: ReadonlyMap<string, readonly Budget[]> = new Map();
  #reloading: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  read(teamId: string): readonly Budget[] {
    return this.#byTeam.get(teamId) ?? none;
  }

  refresh(_teamId: string): Promise<void> {
    return this.reload();
  }

  /**
   * Reads everything again, surely after this call: whoever asks during a reading waits for the next, which all share.
   * Keeps what it had when the database is away.
   */
  reload(): Promise<void> {
    if (this.#reloading) {
      this.#next ??= this.#reloading
        .catch(() => {})
        .then(() => {
          this.#next = undefined;
          return this.reload();
        });
      return this.#next;
    }
    this.#reloading = this.#reload().finally(() => {
      this.#reloading = undefined;
    });
    return this.#reloading;
  }

  async #reload(): Promise<void> {
    const rows = await this.#prisma.budget.findMany({
      where: { isEnabled: true },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    this.#byTeam = Map.groupBy(rows.map(toBudget), ({ teamId }) => teamId);
  }
}
