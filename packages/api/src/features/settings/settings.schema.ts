import { builder } from '../../graphql/builder.ts';
import { ForbiddenFailure, ValidationFailure } from '../../user-errors.ts';
import { outcomes } from '../guardrails/outcomes.ts';
import { readRecordRetention } from '../metrics/set-record-retention.ts';
import { readRunRetention } from '../runs/set-run-retention.ts';
import { setTeamSettings } from './set-team-settings.ts';
import { type TeamFeature, type TeamSettings, teamFeatures } from './team-settings.ts';

const ContentCaptureEnum = builder.enumType('ContentCapture', {
  description: 'How much of prompts and answers is kept.',
  values: {
    FULL: { description: 'Prompts and answers, with everything about them.' },
    METADATA: { description: 'Models, tokens, costs, times and outcomes; no prompts and no answers.' },
    NONE: { description: 'As METADATA, and no names of users and sessions that apps send along.' },
  },
});

const UnpricedModelsEnum = builder.enumType('UnpricedModels', {
  description: 'What becomes of calls of models whose price is unknown.',
  values: {
    ALLOW: { description: 'They are called; budgets judge as each one says.' },
    REFUSE: { description: 'They are not called before somebody set a price.' },
  },
});

const TeamCurrencyType = builder.objectRef<NonNullable<TeamSettings['currency']>>('TeamCurrency').implement({
  description: 'A currency to show amounts in. Money is counted, limited and stored in USD.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Its three letters, such as EUR.' }),
    perUsd: t.field({
      type: 'Decimal',
      description: 'Units for one USD, as your team gave it.',
      resolve: ({ perUsd }) => perUsd,
    }),
    rateDate: t.exposeString('rateDate', { nullable: true, description: 'The day of the rate: 2026-01-31.' }),
  }),
});

interface FeatureState {
  readonly name: TeamFeature;
  readonly own: boolean | undefined;
  readonly inherited: boolean;
}

const TeamFeatureType = builder.objectRef<FeatureState>('TeamFeature').implement({
  description: 'Something that a team can switch off for itself.',
  fields: (t) => ({
    name: t.exposeString('name', { description: '`workflow.multiModel` or `models.adaptiveRouting`.' }),
    isOn: t.boolean({
      description: 'Whether it holds for your team. What the installation switched off stays off.',
      resolve: ({ own, inherited }) => inherited && (own ?? true),
    }),
    own: t.boolean({
      nullable: true,
      description: 'What your team decided; null while the installation decides.',
      resolve: ({ own }) => own ?? null,
    }),
    isOnInInstallation: t.exposeBoolean('inherited', { description: 'What the installation says.' }),
  }),
});

const TeamSettingsType = builder.objectRef<TeamSettings>('TeamSettings').implement({
  description: 'What your team decided for itself.',
  fields: (t) => ({
    timeZone: t.string({
      description: 'The time zone of new budgets and of reports that name none: a name of the IANA database.',
      resolve: ({ timeZone }) => timeZone ?? 'UTC',
    }),
    currency: t.field({
      type: TeamCurrencyType,
      nullable: true,
      description: 'A currency to show amounts in; null: USD alone.',
      resolve: ({ currency }) => currency ?? null,
    }),
    contentCapture: t.expose('contentCapture', {
      type: ContentCaptureEnum,
      description: 'How much of prompts and answers is kept from now on. What was kept before stays.',
    }),
    contentDays: t.int({
      nullable: true,
      description: 'For how many days comparisons, with their prompts and answers, are kept; null: for good.',
      resolve: ({ contentDays }) => contentDays ?? null,
    }),
    recordDays: t.int({
      description: 'For how many days call records are kept one by one.',
      resolve: async ({ teamId }, _args, { services }) => {
        const { ownDays, installationDays } = await readRecordRetention(services, teamId);
        return ownDays ?? installationDays;
      },
    }),
    runDays: t.int({
      description: 'For how many days runs are kept after their end.',
      resolve: async ({ teamId }, _args, { services }) => {
        const { ownDays, installationDays } = await readRunRetention(services, teamId);
        return ownDays ?? installationDays;
      },
    }),
    auditDays: t.int({
      nullable: true,
      description: 'For how many days audit entries are kept; null: for good.',
      resolve: ({ auditDays }) => auditDays ?? null,
    }),
    features: t.field({
      type: [TeamFeatureType],
      description: 'What can be switched off for your team alone.',
      resolve: ({ features }, _args, { services }) => {
        const { configuration } = services.providers.snapshot;
        return teamFeatures.map((name): FeatureState => {
          const ofSettings = name === 'models.adaptiveRouting' ? services.settings.adaptiveRouting : undefined;
          return { name, own: features[name], inherited: ofSettings ?? configuration.features[name] ?? true };
        });
      },
    }),
    unpricedModels: t.expose('unpricedModels', {
      type: UnpricedModelsEnum,
      description: 'What becomes of calls of models whose price is unknown.',
    }),
    requiresTwoFactor: t.boolean({
      description: 'Whether members who sign in by password need a second factor.',
      resolve: async ({ teamId }, _args, { services }) => {
        const where = { id: teamId };
        const team = await services.prisma.team.findUnique({ where, select: { requiresTwoFactor: true } });
        return team?.requiresTwoFactor ?? false;
      },
    }),
  }),
});

const TeamCurrencyInput = builder.inputType('TeamCurrencyInput', {
  description: 'A currency to show amounts in.',
  fields: (t) => ({
    code: t.string({ required: true, description: 'Its three letters, such as EUR.' }),
    perUsd: t.field({ type: 'Decimal', required: true, description: 'Units for one USD, such as 0.92.' }),
    rateDate: t.string({ description: 'The day of the rate: 2026-01-31.' }),
  }),
});

const TeamFeatureInput = builder.inputType('TeamFeatureInput', {
  description: 'A feature to be switched for your team.',
  fields: (t) => ({
    name: t.string({ required: true, description: '`workflow.multiModel` or `models.adaptiveRouting`.' }),
    isOn: t.boolean({ description: 'Null leaves it to the installation.' }),
  }),
});

const SetTeamSettingsInput = builder.inputType('SetTeamSettingsInput', {
  description: 'What to change. Absent: stays. Null, where nothing else is said: as the installation does.',
  fields: (t) => ({
    timeZone: t.string({ description: 'A name of the IANA database, such as Europe/Berlin; null: UTC.' }),
    currency: t.field({ type: TeamCurrencyInput, description: 'A currency to show amounts in; null: USD alone.' }),
    contentCapture: t.field({ type: ContentCaptureEnum, description: 'How much is kept; null: stays.' }),
    contentDays: t.int({ description: '1 to 3,650 days; null: comparisons are kept for good.' }),
    recordDays: t.int({ description: '1 to 3,650 days; null leaves it to the installation.' }),
    runDays: t.int({ description: '1 to 3,650 days; null leaves it to the installation.' }),
    auditDays: t.int({ description: '30 to 3,650 days; null: audit entries are kept for good.' }),
    features: t.field({ type: [TeamFeatureInput], description: 'Features to switch; others stay.' }),
    unpricedModels: t.field({ type: UnpricedModelsEnum, description: 'Null: stays.' }),
    requiresTwoFactor: t.boolean({ description: 'Null: stays.' }),
  }),
});

const SetTeamSettingsSuccess = builder.objectRef<{ readonly teamId: string }>('SetTeamSettingsSuccess').implement({
  description: 'It is decided, and holds from the next call on.',
  fields: (t) => ({
    settings: t.field({
      type: TeamSettingsType,
      description: 'What holds now.',
      resolve: ({ teamId }, _args, { services }) => services.teamSettings.of(teamId),
    }),
  }),
});

builder.queryFields((t) => ({
  teamSettings: t.field({
    type: TeamSettingsType,
    description: 'What your team decided for itself.',
    resolve: async (_root, _args, { services, identity }) => {
      await services.teamSettings.reload();
      return services.teamSettings.of(identity.teamId);
    },
  }),
}));

builder.mutationFields((t) => ({
  setTeamSettings: t.field({
    type: SetTeamSettingsSuccess,
    description: 'Decides about your team: time zone, currency, what is kept and how long, features. Needs MANAGE.',
    errors: outcomes('SetTeamSettingsResult', ValidationFailure, ForbiddenFailure),
    args: { input: t.arg({ type: SetTeamSettingsInput, required: true, description: 'What to change.' }) },
    resolve: async (_root, { input }, { services, identity }) => {
      await setTeamSettings(services, identity, input);
      return { teamId: identity.teamId };
    },
  }),
}));
