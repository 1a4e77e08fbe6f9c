import { type ChainDependencies, defaultChainPolicy } from '@switchyard/core/dispatch';
import { type Clock, type Log, parseUsd } from '@switchyard/core/kernel';
import { defaultRetrySettings } from '@switchyard/core/policies';
import type { ConfiguredPaidProbe } from '@switchyard/core/provisioning';
import type { ModelCall } from '@switchyard/core/spec';
import type { HealthProbe, PrismaClient } from '../../generated/prisma/client.ts';
import type { ProviderRegistry } from '../providers/provider-registry.ts';
import { withLimits } from '../providers/with-limits.ts';
import { ModelDispatcher } from '../routing/model-dispatcher.ts';
import type { HealthChecks } from './health-checks.ts';

interface PaidProbesParts {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly providers: ProviderRegistry;
  readonly checks: () => HealthChecks;
  readonly chain: () => ChainDependencies;
}

export const probeTag = 'health-probe';
export const defaultProbe = { everyMs: 900_000, maxPerDay: 100, maxUsdPerDay: '0.05' } as const;

/** A vendor that is asked for less refuses the call, and one that thinks before it answers needs room for it. */
const answerTokens = 16;
const thinkingTokens = 512;
const deadlineMs = 30_000;
const perTurn = 10;
const dayMs = 86_400_000;
/** Marks rows that follow the configuration file. */
export const ofFile = 'file';

/**
 * Calls that ask a model for one word, where a team switched them on: once for all processes, within a daily cap of calls and
 * money, under the team's budgets. They tell more than a list of models: whether anybody gets an answer.
 */
export class PaidProbes {
  readonly #parts: PaidProbesParts;
  #followed: readonly ConfiguredPaidProbe[] | undefined;

  constructor(parts: PaidProbesParts) {
    this.#parts = parts;
  }

  /** Makes the probes that are due, one after the other. Rejects when the database is away. */
  async tick(): Promise<void> {
    const { prisma, clock, log } = this.#parts;
    await this.#followFile();
    const nowMs = clock.nowMs();
    const today = Math.floor(nowMs / dayMs);
    const now = BigInt(nowMs);
    const far = BigInt(nowMs + 2 * dayMs);
    // Counted before it is made: of several processes one makes it, and one that dies has used it up.
    const claimed = await prisma.$queryRaw<HealthProbe[]>`
      UPDATE health_probe SET "nextAtMs" = ${now}::bigint + "everyMs",
        "usedCalls" = CASE WHEN day = ${today} THEN "usedCalls" ELSE 0 END + 1,
        "usedNanoUsd" = CASE WHEN day = ${today} THEN "usedNanoUsd" ELSE 0 END, day = ${today}
      WHERE ("teamId", "subjectId") IN (
        SELECT "teamId", "subjectId" FROM health_probe
        WHERE "isEnabled" AND ("nextAtMs" <= ${now} OR "nextAtMs" > ${far})
          AND (day <> ${today} OR ("usedCalls" < "maxPerDay" AND "usedNanoUsd" < "maxNanoUsdPerDay"))
        ORDER BY "nextAtMs" LIMIT ${perTurn} FOR UPDATE SKIP LOCKED)
      RETURNING *`;
    for (const probe of claimed) {
      await this.#make(probe, today).catch((error: unknown) =>
        log.warn({ error: String(error), modelId: probe.modelId }, 'a paid probe could not be made'),
      );
    }
  }

  async #make(probe: HealthProbe, today: number): Promise<void> {
    const { prisma, clock, log, providers, checks, chain } = this.#parts;
    const { teamId, subjectId, modelId } = probe;
    const instance = providers.find(teamId, subjectId);
    const found = instance?.adapter ? providers.resolve(teamId, modelId) : undefined;
    if (!instance || !found || !('targets' in found)) return;
    const [target] = found.targets;
    if ((target.instanceId ?? target.providerId) !== subjectId) return;
    const thinks = providers.findModel(teamId, modelId)?.catalog.capabilities.reasoning === true;
    const call: ModelCall = {
      model: target.vendorModelId,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Answer with the one word OK.' }] }],
      maxOutputTokens: thinks ? thinkingTokens : answerTokens,
      ...(thinks && { reasoningEffort: 'minimal' as const }),
    };
    // Neither observed nor counted as traffic: what it says of the provider is noted as a check.
    const { observer: _observer, approvals: _approvals, watch: _watch, ...rest } = chain();
    const dispatcher = new ModelDispatcher({
      ...rest,
      policy: {
        ...defaultChainPolicy,
        retry: { ...defaultRetrySettings, maxAttempts: 1 },
        delivery: 'hold-back',
        overallMs: deadlineMs,
        queueMs: deadlineMs,
      },
    });
    const left = BigInt(probe.maxNanoUsdPerDay) - BigInt(probe.usedNanoUsd);
    const limited = withLimits(target, { costLimitNanoUsd: left > 0n ? left : 0n });
    const purpose = { teamId, source: 'complete' as const, tags: [probeTag] };
    const startMs = clock.monotonicMs();
    const resolution = { ...found, targets: [limited] as const, policy: {} };
    const outcome = await dispatcher.run(resolution, call, purpose, { onPart: () => {}, onReset: () => {} }, undefined);
    const spent = outcome.records.reduce((sum, { costNanoUsd = 0n }) => sum + costNanoUsd, 0n);
    if (spent > 0n) {
      await prisma.$executeRaw`
        UPDATE health_probe SET "usedNanoUsd" = "usedNanoUsd" + ${spent}
        WHERE "teamId" = ${teamId} AND "subjectId" = ${subjectId} AND day = ${today}`;
    }
    const { record, error } = outcome;
    if (!record) {
      // Budgets, the daily cap or the circuit stood against it: that says nothing of the provider.
      log.info({ modelId, error: error?.message }, 'a paid probe was not made');
      return;
    }
    const isOk = error === undefined;
    await checks().takePaid(
      instance,
      {
        isOk,
        message: error?.message ?? 'It answered.',
        latencyMs: Math.round(record.timeToFirstTokenMs ?? clock.monotonicMs() - startMs),
        ...(error && { errorKind: error.kind }),
      },
      { teamId, modelId },
    );
  }

  /** Keeps the probes of the file: the oldest team pays for them. */
  async #followFile(): Promise<void> {
    const { prisma, clock, providers } = this.#parts;
    const { paidProbes } = providers.snapshot.configuration.health;
    if (paidProbes === this.#followed) return;
    const payer = await prisma.team.findFirst({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], select: { id: true } });
    // Without a team there is nobody to pay: the first one will.
    if (!payer) return;
    const updatedAt = new Date(clock.nowMs());
    const kept: string[] = [];
    for (const { providerId, modelId, everyMs, maxPerDay, maxUsdPerDay } of paidProbes) {
      kept.push(providerId);
      const data = {
        modelId,
        isEnabled: true,
        everyMs: everyMs ?? defaultProbe.everyMs,
        maxPerDay: maxPerDay ?? defaultProbe.maxPerDay,
        maxNanoUsdPerDay: parseUsd(maxUsdPerDay ?? defaultProbe.maxUsdPerDay),
        updatedById: ofFile,
        updatedAt,
      };
      await prisma.healthProbe.upsert({
        where: { teamId_subjectId: { teamId: payer.id, subjectId: providerId } },
        create: { ...data, teamId: payer.id, subjectId: providerId },
        update: data,
      });
    }
    await prisma.healthProbe.updateMany({
      where: { updatedById: ofFile, subjectId: { notIn: kept }, isEnabled: true },
      data: { isEnabled: false, updatedAt },
    });
    this.#followed = paidProbes;
  }
}
