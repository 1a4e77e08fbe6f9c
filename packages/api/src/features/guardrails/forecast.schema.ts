import {
  type Budget,
  effectiveLimit,
  type ForecastMethod,
  forecastCoverage,
  type NoForecastReason,
  windowOf,
} from '@switchyard/core/guardrails';
import type { CallOrigin } from '@switchyard/core/metrics';
import type { Services } from '../../container.ts';
import { builder } from '../../graphql/builder.ts';
import { DataOriginEnum, valuesOf } from '../../graphql/enums.ts';
import { badInput } from '../../graphql/errors.ts';
import { toBudget } from './budget.mapping.ts';
import { BudgetType } from './budget.types.ts';
import { BudgetWindowType } from './budget-window.types.ts';
import { toDecimal } from './decimal-amount.ts';
import { type BudgetForecast, forecastBudget } from './forecast-budget.ts';
import { readLiveWindows } from './read-live-windows.ts';
import { sharedLoad } from './shared-load.ts';

const ForecastMethodEnum = builder.enumType('ForecastMethod', {
  description: 'How a forecast was made.',
  values: valuesOf<ForecastMethod>(
    {
      'profile-and-pace':
        'The rest of the window as these hours usually go (last four weeks), scaled by how this window goes so far.',
      pace: 'The rest of the window at the pace until now, because there is too little history.',
    },
    ['profile-and-pace', 'pace'],
  ),
});

const noForecastTexts: Readonly<Record<NoForecastReason, string>> = {
  'no-calls': 'No call that counts was recorded yet.',
  'too-little-history': 'Too few calls, or too little time, to tell how it will go on.',
  'endless-window': 'The window has no end to forecast for.',
};

const NoForecastReasonEnum = builder.enumType('NoForecastReason', {
  description: 'Why there is no forecast.',
  values: valuesOf<NoForecastReason>(noForecastTexts, ['no-calls', 'too-little-history', 'endless-window']),
});

const RunsLeftKindEnum = builder.enumType('RunsLeftKind', {
  description: 'What is counted.',
  values: valuesOf<'calls' | 'runs'>({ calls: 'Single calls of models.', runs: 'Whole runs of workflows.' }, [
    'calls',
    'runs',
  ]),
});

type RunsLeftOfBudget = NonNullable<BudgetForecast['runsLeft']>;

const RunsLeftType = builder.objectRef<RunsLeftOfBudget>('RunsLeft').implement({
  description: 'How often more the same can be done with what is free, by what recent ones used. Whole numbers.',
  fields: (t) => ({
    kind: t.expose('kind', { type: RunsLeftKindEnum, description: 'What is counted.' }),
    low: t.float({
      description: 'If they are dear: by the upper quartile or the mean.',
      resolve: (r) => Number(r.low),
    }),
    likely: t.float({ description: 'By the median.', resolve: (r) => Number(r.likely) }),
    high: t.float({ description: 'If they are cheap: by the lower quartile.', resolve: (r) => Number(r.high) }),
    sampleSize: t.exposeInt('sampleSize', { description: 'How many recent ones it is taken from, 200 at the most.' }),
  }),
});

const amountField = (pick: (forecast: BudgetForecast) => bigint | undefined) => (forecast: BudgetForecast) => {
  const amount = pick(forecast);
  return amount === undefined ? null : toDecimal(forecast.unit, amount);
};

const BudgetForecastType = builder.objectRef<BudgetForecast>('BudgetForecast').implement({
  description: 'What is foreseen for the present window of a budget, by the calls on record. Amounts in its unit.',
  fields: (t) => ({
    projectedAtEnd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What will probably be used when the window ends; null with a `cannotTellReason`.',
      resolve: amountField(({ atEnd }) => atEnd?.likely),
    }),
    low: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'The lower bound of the interval around it.',
      resolve: amountField(({ atEnd }) => atEnd?.low),
    }),
    high: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'The upper bound of the interval around it.',
      resolve: amountField(({ atEnd }) => atEnd?.high),
    }),
    coverage: t.float({
      description: 'Share of the cases in which the outcome should lie between `low` and `high`.',
      resolve: () => forecastCoverage,
    }),
    burnRate: t.float({
      nullable: true,
      description:
        'Share of the limit used by share of the window gone: 1 ends exactly at the limit, 2 uses it up at half time. Null: too early, no limit, or a window without end.',
      resolve: ({ burnRate }) => burnRate ?? null,
    }),
    perHour: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What is used in an hour at the present pace.',
      resolve: amountField(({ perHour }) => perHour),
    }),
    exhaustedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the limit is reached; null when that is not foreseen within the window (or within a year).',
      resolve: ({ exhaustedAtMs }) => (exhaustedAtMs === undefined ? null : new Date(exhaustedAtMs)),
    }),
    runsLeft: t.field({
      type: RunsLeftType,
      nullable: true,
      description: 'How often more the same can be done; null with fewer than five recent calls.',
      resolve: ({ runsLeft }) => runsLeft ?? null,
    }),
    method: t.field({
      type: ForecastMethodEnum,
      nullable: true,
      description: 'How it was made; null when it could not be.',
      resolve: ({ method }) => method ?? null,
    }),
    sampleSize: t.exposeInt('sampleSize', { description: 'How many calls it is learned from.' }),
    cannotTell: t.field({
      type: NoForecastReasonEnum,
      nullable: true,
      description: 'Why there is no `projectedAtEnd`; null when there is one.',
      resolve: ({ cannotTell }) => cannotTell ?? null,
    }),
    cannotTellReason: t.string({
      nullable: true,
      description: 'The same for people.',
      resolve: ({ cannotTell }) => (cannotTell === undefined ? null : noForecastTexts[cannotTell]),
    }),
  }),
});

/** Reading the records of four weeks is more than reading a row. */
const complexity = { field: 5, multiplier: 1 };

builder.objectField(BudgetWindowType, 'forecast', (t) =>
  t.field({
    type: BudgetForecastType,
    description: 'What is foreseen for it.',
    complexity,
    resolve: ({ budget, ...window }, _args, { services }) =>
      forecastBudget(budget, window, services.spend, services.clock.nowMs()),
  }),
);

builder.prismaObjectField(BudgetType, 'forecast', (t) =>
  t.field({
    type: BudgetForecastType,
    description:
      'What is foreseen for the present window; of a budget with several (`isEach`, runs) for the fullest. Live and simulated calls are never added up.',
    complexity,
    args: {
      origin: t.arg({
        type: DataOriginEnum,
        description: 'LIVE or SIMULATED; absent: live, or simulated while there was no live call in the window.',
      }),
    },
    resolve: async (row, { origin }, context) => {
      if (origin === 'MIXED') throw badInput('Ask for LIVE or SIMULATED: they are never added up.');
      const { services, identity } = context;
      const all = await sharedLoad(context, 'live-windows', () => readLiveWindows(services, identity.teamId));
      const budget = toBudget(row);
      const windows = all.get(budget.id) ?? [];
      const wanted = origin === 'LIVE' ? 'live' : origin === 'SIMULATED' ? 'simulated' : undefined;
      const found = windows.find((window) => window.origin === (wanted ?? 'live'));
      const window = found ?? (wanted === undefined ? windows[0] : undefined);
      return forecastBudget(
        budget,
        window ?? untouched(budget, wanted ?? 'live', services),
        services.spend,
        services.clock.nowMs(),
      );
    },
  }),
);

/** The window of a budget in which nothing was used yet. */
function untouched(budget: Budget, origin: CallOrigin, { clock }: Services) {
  const limit = effectiveLimit(budget, clock.nowMs());
  return { ...windowOf(budget, clock.nowMs()), origin, subject: '', spent: 0n, free: limit, limit };
}
