/** One kind of question that a dashboard asks; every run asks it with other values. */
export interface DashboardQuery {
  readonly name: string;
  readonly document: string;
  /** How many days it looks at, the period before included, and what it groups by: columns of the records. */
  readonly days: number;
  readonly columns: readonly string[];
  variables(draw: Draw): Readonly<Record<string, unknown>>;
}

/** What differs from run to run. */
export interface Draw {
  readonly nowMs: number;
  /** A whole number from 0 to `count` − 1. */
  pick(count: number): number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const figures = `calls succeeded failed successRate costUsd costPerSuccessUsd inputTokens outputTokens tokensPerSecond
  failures { kind calls } latency { p50Ms p95Ms p99Ms } timeToFirstToken { p50Ms p95Ms }`;
const series = 'calls failed costUsd latencyP50Ms latencyP95Ms';
const metricsDocument = /* GraphQL */ `
  query Metrics($from: DateTime!, $to: DateTime!, $by: [MetricDimension!]!, $filter: MetricFilterInput,
    $interval: MetricInterval, $timeZone: String!, $first: Int!, $isWithPrevious: Boolean!) {
    metrics(from: $from, to: $to, by: $by, filter: $filter, interval: $interval, timeZone: $timeZone, first: $first,
      isWithPrevious: $isWithPrevious) {
      from to groupCount stepStarts
      total { ${figures} } previousTotal { ${figures} } series { ${series} }
      groups { values { dimension value label } figures { ${figures} } previous { ${figures} } series { ${series} } }
    }
  }`;

interface Shape {
  readonly name: string;
  readonly rangeMs: number;
  /** To what the end of the range is rounded; 1 for any millisecond. */
  readonly endsAtMs?: number;
  /** Ranges end up to this long ago. */
  readonly agoMs?: number;
  readonly by?: readonly string[];
  readonly interval?: string;
  readonly timeZone?: string;
  readonly first?: number;
  readonly isWithPrevious?: boolean;
  filter?(draw: Draw): object;
}

const recordColumns: Readonly<Record<string, string>> = {
  MODEL: '"modelId"',
  PROVIDER: '"providerId"',
  MEMBER: '"userId"',
  API_KEY: '"apiKeyId"',
  WORKFLOW: '"workflowId"',
  STEP: '"stepId"',
  ROLE: 'role',
  TASK_CLASS: '"taskClass"',
  TAG: 'unnest(tags)',
  SOURCE: 'source',
};

const model = (draw: Draw) => {
  const number = draw.pick(12);
  return `provider-${number % 6}/model-${number}`;
};

const shapes: readonly Shape[] = [
  { name: 'last hour, total by minute', rangeMs: hourMs, interval: 'MINUTE' },
  { name: 'last hour, by model by minute', rangeMs: hourMs, by: ['MODEL'], interval: 'MINUTE', first: 10 },
  {
    name: 'last 24 h, by model by hour, before',
    rangeMs: dayMs,
    by: ['MODEL'],
    interval: 'HOUR',
    isWithPrevious: true,
  },
  { name: 'last 24 h, step × task class by hour', rangeMs: dayMs, by: ['STEP', 'TASK_CLASS'], interval: 'HOUR' },
  {
    name: '7 days, by provider by day, before',
    rangeMs: 7 * dayMs,
    by: ['PROVIDER'],
    interval: 'DAY',
    isWithPrevious: true,
  },
  { name: '7 days, total by hour', rangeMs: 7 * dayMs, interval: 'HOUR' },
  { name: '7 days, by model by hour', rangeMs: 7 * dayMs, by: ['MODEL'], interval: 'HOUR', first: 10 },
  {
    ...{ name: '30 days, by model by day of Berlin, before', rangeMs: 30 * dayMs, by: ['MODEL'], interval: 'DAY' },
    ...{ timeZone: 'Europe/Berlin', isWithPrevious: true, first: 10 },
  },
  {
    ...{ name: '30 days, by model by day of Kolkata', rangeMs: 30 * dayMs, by: ['MODEL'], interval: 'DAY' },
    ...{ timeZone: 'Asia/Kolkata', first: 10 },
  },
  { name: '30 days, by member', rangeMs: 30 * dayMs, by: ['MEMBER'], isWithPrevious: true },
  { name: '30 days, by API key × model', rangeMs: 30 * dayMs, by: ['API_KEY', 'MODEL'], isWithPrevious: true },
  {
    name: '30 days, by step of one model by day',
    rangeMs: 30 * dayMs,
    by: ['STEP'],
    interval: 'DAY',
    filter: (draw) => ({ models: [model(draw)] }),
  },
  {
    name: '45 days ending at any millisecond, by workflow',
    rangeMs: 45 * dayMs,
    agoMs: 40 * dayMs,
    endsAtMs: 1,
    by: ['WORKFLOW'],
  },
  {
    name: '45 days ending at any millisecond, model × role',
    rangeMs: 45 * dayMs,
    agoMs: 40 * dayMs,
    endsAtMs: 1,
    by: ['MODEL', 'ROLE'],
  },
  { name: '90 days, total by day, before', rangeMs: 90 * dayMs, interval: 'DAY', isWithPrevious: true },
  {
    name: '90 days, by model by day of Berlin',
    rangeMs: 90 * dayMs,
    by: ['MODEL'],
    interval: 'DAY',
    timeZone: 'Europe/Berlin',
    first: 10,
  },
  { name: '90 days, by tag by week', rangeMs: 90 * dayMs, by: ['TAG'], interval: 'WEEK' },
  { name: '90 days, model × step', rangeMs: 90 * dayMs, by: ['MODEL', 'STEP'], first: 100 },
  { name: '90 days, model × step by day', rangeMs: 90 * dayMs, by: ['MODEL', 'STEP'], interval: 'DAY', first: 20 },
  {
    name: '90 days, tag × task class of one tag',
    rangeMs: 90 * dayMs,
    by: ['TASK_CLASS'],
    filter: (draw) => ({ tag: `tag-${draw.pick(20)}` }),
  },
  { name: '90 days, by source by day', rangeMs: 90 * dayMs, by: ['SOURCE'], interval: 'DAY' },
];

export const dashboardQueries: readonly DashboardQuery[] = [
  ...shapes.map((shape): DashboardQuery => {
    const { name, rangeMs, endsAtMs = minuteMs, agoMs = 30 * minuteMs } = shape;
    return {
      name,
      document: metricsDocument,
      days: (rangeMs / dayMs) * (shape.isWithPrevious ? 2 : 1),
      columns: (shape.by ?? []).map((dimension) => recordColumns[dimension]!),
      variables: (draw) => {
        const toMs = Math.floor((draw.nowMs - draw.pick(agoMs)) / endsAtMs) * endsAtMs;
        return {
          from: new Date(toMs - rangeMs).toISOString(),
          to: new Date(toMs).toISOString(),
          by: shape.by ?? [],
          filter: shape.filter?.(draw) ?? null,
          interval: shape.interval ?? null,
          timeZone: shape.timeZone ?? 'UTC',
          first: shape.first ?? 20,
          isWithPrevious: shape.isWithPrevious ?? false,
        };
      },
    };
  }),
  {
    name: '`modelPerformance`, last 24 h',
    document: `query ($hours: Int!) { modelPerformance(hours: $hours) { provider model figures { ${figures} } } }`,
    days: 1,
    columns: ['"modelId"'],
    variables: (draw) => ({ hours: 20 + draw.pick(8) }),
  },
];
