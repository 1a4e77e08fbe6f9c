import { type ContaminationReason, findContamination } from '@switchyard/core/experiments';
import { toStorableText } from '@switchyard/core/kernel';
import { parseRoleReference } from '@switchyard/core/roles';
import type { PromptStep } from '@switchyard/core/workflows';
import type { Services } from '../../container.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { findRoleModels } from '../roles/resolve-role.ts';
import { automaticName } from '../routing/automatic-name.ts';
import type { RunDetails, StepRecord } from '../runs/run-record.ts';
import { sumCostNanoUsd } from '../runs/run-totals.types.ts';

/** An execution whose step has ended, or whose run is gone. */
export interface EndedExposure {
  readonly runId: string;
  readonly generation: number;
  readonly variant: string;
  readonly unit: string;
  readonly contamination: string | null;
  readonly isGone: boolean;
}

/** An execution that has not ended holds up those that began later for so long. */
const heldUpMs = 10 * 60_000;

/**
 * Executions of a live split that have ended and are not in the results yet, in the order in which they began: quick ones
 * do not overtake slow ones (for ten minutes), because a look that saw only the quick ones would be biased.
 */
export function readEndedExposures(
  prisma: PrismaClient,
  experimentId: string,
  stepId: string,
  most: number,
): Promise<readonly EndedExposure[]> {
  return prisma.$queryRaw`
    SELECT "e"."runId", "e"."generation", "e"."variant", "e"."unit", "e"."contamination", "r"."id" IS NULL AS "isGone"
    FROM "experiment_exposure" AS "e" LEFT JOIN "run" AS "r" ON "r"."id" = "e"."runId"
    WHERE "e"."experimentId" = ${experimentId} AND "e"."position" IS NULL
      AND ("r"."id" IS NULL OR "r"."endedAt" IS NOT NULL OR NOT ${stepId} = ANY("r"."activeStepIds"))
      AND NOT EXISTS (
        SELECT 1 FROM "experiment_exposure" AS "o" JOIN "run" AS "s" ON "s"."id" = "o"."runId"
        WHERE "o"."experimentId" = ${experimentId} AND "o"."position" IS NULL AND "s"."endedAt" IS NULL
          AND ${stepId} = ANY("s"."activeStepIds") AND "o"."at" < "e"."at"
          AND "o"."at" > (now() AT TIME ZONE 'UTC') - ${heldUpMs} * interval '1 millisecond')
    ORDER BY "e"."at", "e"."runId" LIMIT ${most}`;
}

/** What came of one execution. */
export interface ExecutionResult {
  readonly output: string;
  readonly failure: string | null;
  readonly failureMessage: string | null;
  readonly contamination: ContaminationReason | null;
  /** Null when unknown. */
  readonly costNanoUsd: bigint | null;
  readonly latencyMs: number | null;
  readonly timeToFirstTokenMs: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly answeredModelId: string | null;
  readonly endedAtMs: number;
}

/** Reads from a run what its step did; `asked` is the step as the variant has it. */
export function resultOfExecution(
  services: Pick<Services, 'providers' | 'roles'>,
  exposure: EndedExposure,
  { run, steps }: RunDetails,
  asked: PromptStep,
): ExecutionResult {
  const step = steps.find(({ stepId }) => stepId === asked.id);
  const totals = step?.totals ?? [];
  const answering = step?.attempts.findLast(({ state }) => state === 'succeeded');
  const startedAtMs = step?.startedAtMs;
  const since = (atMs: number | undefined) =>
    atMs === undefined || startedAtMs === undefined ? null : Math.max(0, Math.round(atMs - startedAtMs));
  const isAnswered = step?.state === 'completed';
  const { failure, message } = isAnswered ? { failure: null, message: null } : failureOf(step, run.state);
  return {
    output: isAnswered ? toStorableText(textOf(step.output)) : '',
    failure,
    failureMessage: message && toStorableText(message).slice(0, 2_000),
    contamination: contaminationOf(services, exposure, run.teamId, step, asked) ?? null,
    costNanoUsd: sumCostNanoUsd(totals) ?? null,
    latencyMs: isAnswered ? since(step.endedAtMs) : null,
    timeToFirstTokenMs: isAnswered ? since(answering?.firstTokenAtMs) : null,
    inputTokens: totals.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
    outputTokens: totals.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
    answeredModelId: isAnswered ? (step.modelId ?? null) : null,
    endedAtMs: step?.endedAtMs ?? run.endedAtMs ?? run.createdAtMs,
  };
}

function contaminationOf(
  services: Pick<Services, 'providers' | 'roles'>,
  { contamination, variant, generation }: EndedExposure,
  teamId: string,
  step: StepRecord | undefined,
  asked: PromptStep,
): ContaminationReason | undefined {
  if (contamination !== null) return contamination as ContaminationReason;
  // It was begun anew meanwhile: what it gave first is gone.
  if (step && step.generation > generation) return 'retried';
  if (step?.isGiven) return 'fallback';
  const allowedModels = modelsOf(services, teamId, asked);
  const answeredBy = step?.state === 'completed' ? step.modelId : undefined;
  if (!allowedModels || answeredBy === undefined) return undefined;
  const hadFailover =
    step?.attempts.some(({ state, modelId }) => state === 'failed' && modelId !== answeredBy) ?? false;
  return findContamination({ allowedModels, answeredBy, hadFailover, variant });
}

/** Models that the step may be answered by without that being a failover; undefined when any may. */
function modelsOf(
  services: Pick<Services, 'providers' | 'roles'>,
  teamId: string,
  { role, models = [] }: PromptStep,
): ReadonlySet<string> | undefined {
  const names = role === undefined ? models.map(({ model }) => model) : [`role:${role}`];
  if (names.includes(automaticName)) return undefined;
  const found = names.map((name) => {
    const ofRole = parseRoleReference(name);
    return ofRole === undefined ? services.providers.resolve(teamId, name) : findRoleModels(services, teamId, ofRole);
  });
  // A role whose models the router chooses has none of its own.
  const known = found.flatMap((each) => ('targets' in each ? each.targets.map(({ modelId }) => modelId) : []));
  return known.length === 0 ? undefined : new Set([...known, ...names]);
}

const kinds: Readonly<Record<string, string>> = { 'BUDGET.REFUSED': 'budget', 'CALL.STOPPED': 'cancelled' };

function failureOf(step: StepRecord | undefined, runState: string) {
  if (!step?.error || runState === 'cancelled') {
    const message = step?.error?.message ?? 'The run ended before the step did.';
    return { failure: runState === 'failed' ? 'failed' : 'cancelled', message };
  }
  const { code, message } = step.error;
  return { failure: kinds[code] ?? code.toLowerCase().replaceAll(/[._]/g, '-'), message };
}

const textOf = (output: unknown): string =>
  typeof output === 'string' ? output : JSON.stringify(output ?? null, undefined, 2);
