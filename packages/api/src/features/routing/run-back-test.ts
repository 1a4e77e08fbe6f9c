import { createSeededRandom } from '@switchyard/core/kernel';
import { type BackTestReport, backTest, type RecordedDecision, strategies } from '@switchyard/core/routing';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { toDecisionRecord } from './decision.mapping.ts';
import { assertUsable, completeRules, rulesInput, weightsInput } from './rule-input.ts';

/** Enough for narrow intervals, few enough to be planned anew in the blink of an eye: nothing else runs meanwhile. */
const mostDecisions = 2_000;
const longestMs = 31 * 24 * 3_600_000;

const input = z
  .object({
    rules: rulesInput.nullish(),
    strategy: z.enum(strategies).nullish(),
    weights: weightsInput.nullish(),
    from: z.date(),
    to: z.date(),
  })
  .refine(({ from, to }) => from < to, { message: 'The end must come after the beginning.', path: ['to'] })
  .refine(({ from, to }) => to.getTime() - from.getTime() <= longestMs, {
    message: 'Look at 31 days at the most.',
    path: ['from'],
  });

export interface BackTestResult extends BackTestReport {
  /** Decisions of that time; when there are more than could be planned anew, the newest were. */
  readonly recorded: number;
  readonly isSample: boolean;
}

/**
 * Plans recorded decisions anew with draft rules, another strategy or other weights (absent: what is in force now) and
 * compares. Throws `ValidationFailure`, `InvalidRulesFailure`.
 */
export async function runBackTest(services: Services, identity: Identity, rawInput: unknown): Promise<BackTestResult> {
  const { rules: given, strategy, weights, from, to } = parseInput(input, rawInput);
  const { teamId } = identity;
  const team = await services.routing.of(teamId);
  const rules = given ? completeRules(services, given) : (team.publishedVersion?.rules ?? []);
  if (given) await assertUsable(services, teamId, rules);
  const preferences = { ...(strategy && { strategy }), ...(weights && { weights }) };
  const draft = team.compileDraft(rules, preferences);
  await services.routing.decisions.flush();
  const where = { teamId, decidedAt: { gte: from, lt: to } };
  const [recorded, rows] = await Promise.all([
    services.prisma.routingDecision.count({ where }),
    services.prisma.routingDecision.findMany({
      where,
      orderBy: [{ decidedAt: 'desc' }, { id: 'desc' }],
      take: mostDecisions,
      include: { rewards: { select: { quality: true } } },
    }),
  ]);
  const records = rows.map((row): RecordedDecision => {
    const { request } = toDecisionRecord(row);
    const { rewards, costNanoUsd, latencyMs, chosenModelId, servedModelId, propensity } = row;
    // What another model answered after a failover says nothing of the chosen one.
    const isOwn = servedModelId === chosenModelId;
    const quality = rewards.reduce((sum, reward) => sum + reward.quality, 0) / rewards.length;
    return {
      request: {
        ...request,
        // What the request asked for itself stays, but for what the draft is about.
        ...(strategy && request.strategy !== 'manual' && { strategy }),
        ...(weights && { weights }),
      },
      modelId: chosenModelId,
      propensity,
      ...(isOwn && costNanoUsd !== null && { costNanoUsd }),
      ...(isOwn && latencyMs !== null && { latencyMs }),
      ...(isOwn && rewards.length > 0 && { quality }),
    };
  });
  const report = backTest(records, draft, createSeededRandom(1));
  return { ...report, recorded, isSample: recorded > records.length };
}
