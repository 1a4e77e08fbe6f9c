import type { MetricDefinition } from './metric-family.ts';

type Scope = MetricDefinition['scope'];
type Buckets = readonly number[];

/** Of the seed documents' `model_latency_ms`. */
const latencyMsBuckets: Buckets = [100, 250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000, 120_000];
/** Those that OpenTelemetry's conventions advise for calls of models, and one more. */
export const callSecondsBuckets: Buckets = [
  ...[0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84],
];
/** Those that OpenTelemetry's conventions advise for tokens. */
export const tokenBuckets: Buckets = [
  ...[1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864],
];
/** Those that OpenTelemetry's conventions advise for HTTP, and longer ones, because answers are streamed. */
const requestSecondsBuckets: Buckets = [
  ...[0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 120, 300],
];
const runSecondsBuckets: Buckets = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400];

const define = (
  kind: MetricDefinition['kind'],
  scope: Scope,
  name: string,
  labels: string,
  help: string,
  buckets?: Buckets,
): MetricDefinition => ({
  ...{ name, kind, help, scope },
  labels: labels === '' ? [] : labels.split(' '),
  ...(buckets && { buckets }),
});
const counter = (scope: Scope, name: string, labels: string, help: string) =>
  define('counter', scope, name, labels, help);
const gauge = (scope: Scope, name: string, labels: string, help: string) => define('gauge', scope, name, labels, help);
const histogram = (scope: Scope, name: string, labels: string, buckets: Buckets, help: string) =>
  define('histogram', scope, name, labels, help, buckets);

const model = 'provider model origin';

/** Every metric of Switchyard's own, by the name it has in code. `docs/observability.md` has them as a table, which a test compares. */
export const metrics = {
  // What the seed documents name, as they name it.
  selections: counter('team', 'model_selection_count', 'provider', 'Calls by the provider that was chosen.'),
  breaches: counter('team', 'model_guardrail_breach_total', 'type', 'Calls that a guardrail stood against.'),
  latencies: histogram(
    ...(['team', 'model_latency_ms', 'provider model outcome', latencyMsBuckets] as const),
    'How long calls took, in milliseconds.',
  ),
  latencyWarnings: counter(
    ...(['team', 'model_latency_warning_total', 'provider'] as const),
    'Calls that took longer than their target.',
  ),
  budgetSpent: gauge(
    ...(['team', 'model_budget_spent', 'budget unit origin'] as const),
    'Spent in the running windows of a budget, in its unit; money in USD.',
  ),
  budgetReserved: gauge(
    ...(['team', 'model_budget_reserved', 'budget unit origin'] as const),
    'Reserved for calls that run, in the unit of the budget.',
  ),
  budgetLimit: gauge(
    ...(['team', 'model_budget_limit', 'budget unit origin'] as const),
    'What the running windows of a budget may use together, raises included, in its unit.',
  ),

  // Calls of models.
  calls: counter(
    ...(['team', 'switchyard_calls_total', `${model} outcome error`] as const),
    'Attempts to call a model by how they ended; error is empty for a success.',
  ),
  callSeconds: histogram(
    ...(['team', 'switchyard_call_duration_seconds', `${model} operation outcome`, callSecondsBuckets] as const),
    'How long attempts to call a model took.',
  ),
  firstTokenSeconds: histogram(
    ...(['team', 'switchyard_call_first_token_seconds', model, callSecondsBuckets] as const),
    'From the start of a call to its first piece of content.',
  ),
  tokens: counter(
    ...(['team', 'switchyard_call_tokens_total', `${model} kind`] as const),
    'Tokens as vendors counted them; cached_input and cache_write are parts of input, reasoning is part of output.',
  ),
  costs: counter('team', 'switchyard_call_cost_usd_total', model, 'What calls cost, in USD, where it is known.'),
  unpriced: counter('team', 'switchyard_calls_unpriced_total', model, 'Calls whose cost nobody knows.'),
  retries: counter('team', 'switchyard_call_retries_total', 'provider reason', 'Calls made again with the same model.'),
  failovers: counter(
    ...(['team', 'switchyard_failovers_total', 'provider to_provider reason'] as const),
    'Times that the next candidate was asked in place of one that failed.',
  ),
  skipped: counter(
    ...(['team', 'switchyard_candidates_skipped_total', 'provider reason'] as const),
    'Candidates that were passed over without being asked.',
  ),
  hedges: counter(
    ...(['team', 'switchyard_hedges_total', 'provider'] as const),
    'Second calls beside a first one that was silent, by the provider of the second.',
  ),
  callsRunning: gauge('team', 'switchyard_calls_running', 'provider', 'Calls of models that are under way.'),
  circuits: gauge(
    ...(['team', 'switchyard_circuit_state', 'provider model state'] as const),
    '1 for the state (closed, open, half_open) that a circuit is in; only circuits that have had a call.',
  ),
  circuitChanges: counter(
    ...(['installation', 'switchyard_circuit_changes_total', 'to'] as const),
    'Changes of circuits, by the state they went to.',
  ),

  // Health.
  providerStatus: gauge(
    ...(['team', 'switchyard_provider_status', 'provider origin status'] as const),
    '1 for the status (healthy, degraded, down, unknown) that a provider has, 0 for the others.',
  ),
  providerScore: gauge(
    ...(['team', 'switchyard_provider_health_score', 'provider origin'] as const),
    'Score of a provider, 0 to 100; absent while it is unknown.',
  ),
  openIncidents: gauge(
    ...(['team', 'switchyard_open_incidents', 'provider origin'] as const),
    'Incidents of a provider that are not over.',
  ),
  lastSuccess: gauge(
    ...(['team', 'switchyard_provider_last_success_timestamp_seconds', 'provider origin'] as const),
    'When a provider last answered as it should, in seconds since 1970.',
  ),

  // Runs of workflows.
  runs: counter('team', 'switchyard_runs_total', 'workflow outcome', 'Runs that ended, by how.'),
  runSeconds: histogram(
    ...(['team', 'switchyard_run_duration_seconds', 'workflow', runSecondsBuckets] as const),
    'From the start of a run to its end, waits for people included.',
  ),
  steps: counter('team', 'switchyard_steps_total', 'workflow outcome', 'Steps of runs that ended, by how.'),
  approvals: counter(
    ...(['team', 'switchyard_run_approvals_requested_total', 'workflow kind'] as const),
    'Times that runs asked a person: for a step, or for more of a budget.',
  ),
  runsByState: gauge(
    ...(['team', 'switchyard_runs', 'state'] as const),
    'Runs that have not ended, by state, over all processes.',
  ),
  runsExecuting: gauge(
    ...(['installation', 'switchyard_runs_executing', ''] as const),
    'Runs that this process is executing.',
  ),
  lanes: gauge(
    ...(['installation', 'switchyard_running_lanes', ''] as const),
    'Comparison lanes that are calling a model now.',
  ),

  // What clients ask: rate, errors, duration.
  httpRequests: counter(
    ...(['installation', 'switchyard_http_requests_total', 'route method status'] as const),
    'HTTP requests that were answered; status is 499 where the client went away before the answer was complete.',
  ),
  httpSeconds: histogram(
    ...(['installation', 'switchyard_http_request_duration_seconds', 'route', requestSecondsBuckets] as const),
    'From the arrival of an HTTP request to the end of its answer, streams included.',
  ),
  httpInFlight: gauge(
    ...(['installation', 'switchyard_http_requests_in_flight', ''] as const),
    'HTTP requests that are being answered.',
  ),
  graphOperations: counter(
    ...(['installation', 'switchyard_graph_operations_total', 'transport operation outcome'] as const),
    'Operations of the graph that were executed; a subscription counts when it begins.',
  ),
  graphSeconds: histogram(
    ...(['installation', 'switchyard_graph_operation_duration_seconds', 'operation', requestSecondsBuckets] as const),
    'How long queries and mutations of the graph took to execute.',
  ),
  sockets: gauge('installation', 'switchyard_graph_sockets', '', 'Open WebSockets of the graph.'),
  socketsClosed: counter(
    ...(['installation', 'switchyard_graph_sockets_closed_total', 'code'] as const),
    'WebSockets of the graph that were closed, by close code.',
  ),
  subscriptions: gauge(
    'installation',
    'switchyard_graph_subscriptions',
    '',
    'Operations under way on WebSockets, which are subscriptions but for moments.',
  ),
  subscribers: gauge(
    ...(['installation', 'switchyard_event_subscribers', ''] as const),
    'Subscribers of live event streams.',
  ),

  // What the process uses: utilisation, saturation, errors.
  eventLoop: gauge(
    ...(['installation', 'switchyard_event_loop_utilization_ratio', ''] as const),
    'Share of the time since the last scrape that the event loop was busy, 0 to 1.',
  ),
  databaseUp: gauge('installation', 'switchyard_database_up', '', '1 while the database answers within a second.'),
  databaseConnections: gauge(
    ...(['installation', 'switchyard_database_connections', 'state'] as const),
    'Connections of the pool by state (busy, idle); the embedded database has one.',
  ),
  databaseWaiting: gauge(
    ...(['installation', 'switchyard_database_waiting', ''] as const),
    'What waits for a connection of the database, or for the embedded database.',
  ),
  queueDepth: gauge(
    ...(['installation', 'switchyard_queue_depth', 'queue'] as const),
    'What waits in this process to be stored or sent: call_records, run_events, decisions, spans.',
  ),
  spillBytes: gauge(
    ...(['installation', 'switchyard_spill_bytes', ''] as const),
    'Call records on disk that the database does not have yet.',
  ),
  telemetryLost: counter(
    ...(['installation', 'switchyard_telemetry_lost_total', 'signal'] as const),
    'Spans and exports of metrics that the OTLP collector never got.',
  ),
  info: gauge('installation', 'switchyard_info', 'version database', 'Always 1; what runs here.'),
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricName = keyof typeof metrics;
