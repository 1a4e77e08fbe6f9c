import { isTimeZone } from '@switchyard/core/guardrails';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { parseInput } from '../../parse-input.ts';
import { ValidationFailure } from '../../user-errors.ts';
import { setRecordRetention } from '../metrics/set-record-retention.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { setRunRetention } from '../runs/set-run-retention.ts';
import { contentCaptures, teamFeatures } from './team-settings.ts';

const mostDays = 3_650;
/** Who looks into what happened needs some time to notice. */
const fewestAuditDays = 30;
const days = (fewest: number) =>
  z
    .int()
    .min(fewest, `At least ${fewest} ${fewest === 1 ? 'day' : 'days'}.`)
    .max(mostDays, `At most ${mostDays} days.`)
    .nullish();
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'Write the day as 2026-01-31.')
  .refine((text) => !Number.isNaN(Date.parse(text)), 'There is no such day.');

const input = z.object({
  timeZone: z.string().max(64).refine(isTimeZone, 'Give a name of the IANA database, such as Europe/Berlin.').nullish(),
  currency: z
    .object({
      code: z.string().regex(/^[A-Z]{3}$/, 'Give the three letters of a currency, such as EUR.'),
      perUsd: z
        .string()
        .max(30)
        .regex(/^\d{1,9}(\.\d{1,12})?$/, 'Give a plain number, such as 0.92.')
        .refine((text) => Number(text) > 0, 'Give a number above 0.'),
      rateDate: day.nullish(),
    })
    .nullish(),
  contentCapture: z.enum(contentCaptures).nullish(),
  contentDays: days(1),
  recordDays: days(1),
  runDays: days(1),
  auditDays: days(fewestAuditDays),
  features: z
    .array(z.object({ name: z.enum(teamFeatures, 'There is no such feature.'), isOn: z.boolean().nullish() }))
    .max(20)
    .nullish(),
  unpricedModels: z.enum(['ALLOW', 'REFUSE']).nullish(),
  requiresTwoFactor: z.boolean().nullish(),
});

/**
 * Decides about a team: what is absent stays; null takes time zone, currency, days and the state of a feature back to what
 * the installation does. Holds from the next call on, in other processes within a second. Throws `ForbiddenFailure`,
 * `ValidationFailure`.
 */
export async function setTeamSettings(services: Services, identity: Identity, rawInput: unknown): Promise<void> {
  assertMayManage(identity, 'TEAM', 'decide about the settings of the team');
  const given = parseInput(input, rawInput);
  const { teamId, userId } = identity;
  const { prisma, teamSettings } = services;
  // Of the areas that have a use-case of their own; before anything is written.
  if (given.runDays !== undefined) assertMayManage(identity, 'WORK', 'decide how long runs are kept');
  if (given.recordDays !== undefined) assertMayManage(identity, 'REPORTS', 'decide how long call records are kept');
  if (given.currency?.code === 'USD')
    throw new ValidationFailure([
      { path: ['input', 'currency', 'code'], code: 'invalid', message: 'Amounts are in USD anyway: leave it away.' },
    ]);
  const known = teamSettings.of(teamId);
  const features = Object.fromEntries(
    Object.entries({
      ...known.features,
      ...Object.fromEntries((given.features ?? []).map(({ name, isOn }) => [name, isOn ?? undefined])),
    }).filter(([, isOn]) => isOn !== undefined),
  );
  const { timeZone, currency, contentCapture, contentDays, auditDays, unpricedModels, requiresTwoFactor } = given;
  const data = {
    ...(timeZone !== undefined && { timeZone }),
    ...(currency !== undefined && {
      currency: currency?.code ?? null,
      currencyPerUsd: currency?.perUsd ?? null,
      currencyRateDate: currency?.rateDate ?? null,
    }),
    ...(contentCapture != null && {
      contentCapture,
      // From less to even less: what is kept less of already stays so.
      ...((contentCapture === 'FULL') !== (known.contentCapture === 'FULL') && {
        contentCaptureSince: new Date(services.clock.nowMs()),
      }),
    }),
    ...(contentDays !== undefined && { contentDays }),
    ...(auditDays !== undefined && { auditDays }),
    ...(given.features != null && { featureFlags: features as Prisma.InputJsonObject }),
    ...(unpricedModels != null && { unpricedModels }),
  };
  const writes = [
    ...(Object.keys(data).length > 0
      ? [
          prisma.teamSettings.upsert({
            where: { teamId },
            create: { teamId, ...data, updatedById: userId ?? null },
            update: { ...data, updatedById: userId ?? null },
          }),
        ]
      : []),
    ...(requiresTwoFactor != null
      ? [prisma.team.update({ where: { id: teamId }, data: { requiresTwoFactor }, select: { id: true } })]
      : []),
  ];
  if (writes.length > 0) await prisma.$transaction(writes);
  if (given.runDays !== undefined) await setRunRetention(services, identity, { keepDays: given.runDays });
  if (given.recordDays !== undefined) await setRecordRetention(services, identity, { recordDays: given.recordDays });
  await teamSettings.reload();
  if (requiresTwoFactor != null) services.identities.invalidate();
}
