import type {
  Mover,
  Recommendation,
  RecommendationEvidence,
  ReportBudget,
  ReportDay,
  ReportFigures,
  ReportIncident,
  ReportModel,
  WeeklyReport,
  WeekVerdict,
} from '@switchyard/core/reports';
import { formatReportCsv } from '@switchyard/core/reports';
import { builder } from '../../graphql/builder.ts';
import { DataOriginEnum, valuesOf } from '../../graphql/enums.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { embedded } from '../runs/embedded.ts';

const ReportFiguresType = builder.objectRef<ReportFigures>('ReportFigures').implement({
  description: 'What the calls of a span came to. Counts are Float because means have parts of calls.',
  fields: (t) => ({
    calls: t.exposeFloat('calls', { description: 'How many calls.' }),
    succeeded: t.exposeFloat('succeeded', { description: 'Calls with a whole answer.' }),
    failed: t.exposeFloat('failed', { description: 'Calls that failed.' }),
    cancelled: t.exposeFloat('cancelled', { description: 'Calls that were stopped.' }),
    successRate: t.exposeFloat('successRate', { nullable: true, description: 'Of the calls that nobody stopped.' }),
    costUsd: t.expose('costUsd', { type: 'Decimal', description: 'What they cost, as far as it is known.' }),
    unknownCostCalls: t.exposeFloat('unknownCostCalls', { description: 'Calls whose cost is not known.' }),
    costPerSuccessUsd: t.expose('costPerSuccessUsd', {
      type: 'Decimal',
      nullable: true,
      description: 'Known cost of all calls for each that succeeded.',
    }),
    latencyP50Ms: t.exposeFloat('latencyP50Ms', { nullable: true, description: 'Median time until the whole answer.' }),
    latencyP95Ms: t.exposeFloat('latencyP95Ms', {
      nullable: true,
      description: '95 of 100 answers were whole by then.',
    }),
    timeToFirstTokenP50Ms: t.exposeFloat('timeToFirstTokenP50Ms', {
      nullable: true,
      description: 'Median time until the first token.',
    }),
    tokensPerSecond: t.exposeFloat('tokensPerSecond', { nullable: true, description: 'Mean writing speed.' }),
    inputTokens: t.exposeFloat('inputTokens', { description: 'All input.' }),
    outputTokens: t.exposeFloat('outputTokens', { description: 'All output.' }),
  }),
});

const WeekVerdictEnum = builder.enumType('WeekVerdict', {
  description: 'Whether a week is what the four weeks before let expect, with 95 %.',
  values: valuesOf<WeekVerdict>(
    {
      usual: 'It is.',
      higher: 'It is higher.',
      lower: 'It is lower.',
      'cannot-tell': 'Less than three of the weeks before had calls, or the week goes on.',
    },
    ['usual', 'higher', 'lower', 'cannot-tell'],
  ),
});

const ReportDayType = builder.objectRef<ReportDay>('ReportDay').implement({
  description: 'A day of the time zone.',
  fields: (t) => ({
    date: t.exposeString('date', { description: '`2026-11-16`.' }),
    calls: t.exposeFloat('calls', { description: 'How many calls.' }),
    failed: t.exposeFloat('failed', { description: 'How many failed.' }),
    costUsd: t.expose('costUsd', { type: 'Decimal', description: 'What they cost, as far as it is known.' }),
  }),
});

const ReportModelType = builder.objectRef<ReportModel>('ReportModel').implement({
  description: 'A model in the week.',
  fields: (t) => ({
    model: t.exposeString('model', { description: '`provider/model`.' }),
    figures: t.field({
      complexity: embedded,
      type: ReportFiguresType,
      description: 'In the week.',
      resolve: ({ figures }) => figures,
    }),
    previousCostUsd: t.expose('previousCostUsd', { type: 'Decimal', description: 'What it cost the week before.' }),
  }),
});

const ReportMoverType = builder.objectRef<Mover>('ReportMover').implement({
  description: 'Whose spend changed most against the week before.',
  fields: (t) => ({
    dimension: t.exposeString('dimension', { description: 'model, workflow, step, member or apiKey.' }),
    value: t.exposeString('value', { description: 'The value to filter by.' }),
    label: t.exposeString('label', { description: 'How people call it.' }),
    costUsd: t.expose('costUsd', { type: 'Decimal', description: 'In the week.' }),
    previousCostUsd: t.expose('previousCostUsd', { type: 'Decimal', description: 'In the week before.' }),
    changeUsd: t.expose('changeUsd', { type: 'Decimal', description: 'The difference, with its sign.' }),
    calls: t.exposeFloat('calls', { description: 'Calls in the week.' }),
    previousCalls: t.exposeFloat('previousCalls', { description: 'Calls in the week before.' }),
  }),
});

const ReportIncidentType = builder.objectRef<ReportIncident>('ReportIncident').implement({
  description: 'Trouble of a provider that touched the week.',
  fields: (t) => ({
    incidentId: t.id({ description: 'The incident.', resolve: ({ id }) => encodeId('Incident', id) }),
    provider: t.exposeString('provider', { description: 'For people.' }),
    severity: t.exposeString('severity', { description: 'degraded or down.' }),
    startedAt: t.field({ type: 'DateTime', description: 'When it began.', resolve: (row) => new Date(row.startedAt) }),
    closedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was over; null when it was not when the report was made.',
      resolve: ({ closedAt }) => (closedAt === null ? null : new Date(closedAt)),
    }),
    failedCalls: t.exposeFloat('failedCalls', { description: 'Calls that failed by it.' }),
    fallbackCalls: t.exposeFloat('fallbackCalls', { description: 'Answers that others gave instead.' }),
    billUsd: t.expose('billUsd', { type: 'Decimal', description: 'What it cost.' }),
    isPartial: t.exposeBoolean('isPartial', { description: 'Whether some of it could not be added up.' }),
  }),
});

const ReportBudgetType = builder.objectRef<ReportBudget>('ReportBudget').implement({
  description: 'A budget and its fullest window that touched the week.',
  fields: (t) => ({
    budgetId: t.id({ description: 'The budget.', resolve: ({ id }) => encodeId('Budget', id) }),
    name: t.exposeString('name', { description: 'For people.' }),
    unit: t.exposeString('unit', { description: 'cost, tokens or requests.' }),
    window: t.exposeString('window', { description: 'When it begins anew.' }),
    limit: t.expose('limit', { type: 'Decimal', description: 'Its limit without raises.' }),
    spent: t.expose('spent', { type: 'Decimal', description: 'What was used.' }),
    share: t.exposeFloat('share', { nullable: true, description: 'Used of the limit; null for a limit of zero.' }),
    refused: t.exposeFloat('refused', { description: 'Calls that it refused in the week.' }),
  }),
});

const RecommendationEvidenceType = builder.objectRef<RecommendationEvidence>('RecommendationEvidence').implement({
  description: 'What was measured of one side.',
  fields: (t) => ({
    model: t.exposeString('model', { description: '`provider/model`.' }),
    calls: t.exposeFloat('calls', { description: 'How many calls.' }),
    costPerSuccessUsd: t.expose('costPerSuccessUsd', { type: 'Decimal', description: 'Cost of a success.' }),
    quality: t.exposeFloat('quality', { description: 'Mean of the judgements.' }),
    qualityLow: t.exposeFloat('qualityLow', { description: 'Where its interval of 95 % begins.' }),
    qualityHigh: t.exposeFloat('qualityHigh', { description: 'Where it ends.' }),
    judged: t.exposeFloat('judged', { description: 'Of how many answers.' }),
    successRate: t.exposeFloat('successRate', { description: 'Share of successes.' }),
    latencyP50Ms: t.exposeFloat('latencyP50Ms', { description: 'Median time until the whole answer.' }),
  }),
});

const RecommendationType = builder.objectRef<Recommendation>('Recommendation').implement({
  description:
    'A model that would have done the same for less: cheaper, and not worse in quality, success and speed, by a test at 1 %.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'In words.' }),
    dimension: t.exposeString('dimension', { description: 'step or taskClass.' }),
    value: t.exposeString('value', { description: 'Which step, or kind of task.' }),
    savedUsd: t.expose('savedUsd', { type: 'Decimal', description: 'What would have been saved.' }),
    savedAtLeastUsd: t.expose('savedAtLeastUsd', { type: 'Decimal', description: 'At least, with 95 %.' }),
    calls: t.exposeFloat('calls', { description: 'Calls of both that stand behind it.' }),
    from: t.field({
      complexity: embedded,
      type: RecommendationEvidenceType,
      description: 'What answers now.',
      resolve: ({ from }) => from,
    }),
    to: t.field({
      complexity: embedded,
      type: RecommendationEvidenceType,
      description: 'What could.',
      resolve: ({ to }) => to,
    }),
  }),
});

/** A report with the id of its row; one that is not stored has none. */
export interface IdentifiedReport extends WeeklyReport {
  readonly rowId: string | undefined;
}

const verdict = (name: keyof WeeklyReport['verdicts'], description: string) => ({
  type: WeekVerdictEnum,
  description,
  resolve: ({ verdicts }: WeeklyReport) => verdicts[name],
});

export const WeeklyReportType = builder.objectRef<IdentifiedReport>('WeeklyReport').implement({
  description: 'A week of your team. Stored once when it is over, and never changed.',
  fields: (t) => ({
    id: t.id({
      nullable: true,
      description: 'Names it; null for the week that goes on, which is not stored.',
      resolve: ({ rowId }) => (rowId === undefined ? null : encodeId('WeeklyReport', rowId)),
    }),
    origin: t.field({
      type: DataOriginEnum,
      description: 'Calls of real providers, or simulated ones.',
      resolve: ({ origin }) => (origin === 'live' ? 'LIVE' : 'SIMULATED'),
    }),
    weekStart: t.exposeString('weekStart', { description: 'The Monday that it begins with: `2026-11-16`.' }),
    timeZone: t.exposeString('timeZone', { description: 'Whose week.' }),
    from: t.field({ type: 'DateTime', description: 'When it began.', resolve: ({ from }) => new Date(from) }),
    to: t.field({ type: 'DateTime', description: 'When it ended.', resolve: ({ to }) => new Date(to) }),
    builtAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: (row) => new Date(row.builtAt) }),
    total: t.field({
      complexity: embedded,
      type: ReportFiguresType,
      description: 'All calls.',
      resolve: ({ total }) => total,
    }),
    previous: t.field({
      complexity: embedded,
      type: ReportFiguresType,
      description: 'The week before; for a week that goes on, as much of it.',
      resolve: ({ previous }) => previous,
    }),
    mean: t.field({
      complexity: embedded,
      type: ReportFiguresType,
      nullable: true,
      description: 'A week on average, of the four before in which there were calls; null when there was none.',
      resolve: ({ mean }) => mean,
    }),
    meanWeeks: t.exposeInt('meanWeeks', { description: 'How many weeks that is.' }),
    callsVerdict: t.field(verdict('calls', 'Whether there were as many calls as usual.')),
    costVerdict: t.field(verdict('cost', 'Whether they cost as much as usual.')),
    successVerdict: t.field(verdict('successRate', 'Whether as many succeeded as usual.')),
    days: t.field({
      complexity: embedded,
      type: [ReportDayType],
      description: 'Day by day.',
      resolve: ({ days }) => [...days],
    }),
    models: t.field({
      complexity: embedded,
      type: [ReportModelType],
      description: 'The ten models that cost most.',
      resolve: ({ models }) => [...models],
    }),
    movers: t.field({
      complexity: embedded,
      type: [ReportMoverType],
      description: 'Whose spend changed most, ten at most.',
      resolve: ({ movers }) => [...movers],
    }),
    incidents: t.field({
      complexity: embedded,
      type: [ReportIncidentType],
      description: 'Trouble of providers, 20 at most.',
      resolve: ({ incidents }) => [...incidents],
    }),
    budgets: t.field({
      complexity: embedded,
      type: [ReportBudgetType],
      description: 'The fullest first, 50 at most.',
      resolve: ({ budgets }) => [...budgets],
    }),
    recommendations: t.field({
      complexity: embedded,
      type: [RecommendationType],
      description: 'What the calls show that could be saved; empty when they show nothing.',
      resolve: ({ recommendations }) => [...recommendations],
    }),
    csv: t.string({ description: 'The whole report as comma-separated values.', resolve: formatReportCsv }),
  }),
});
