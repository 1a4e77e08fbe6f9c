/** Where one signal goes. `url` is whole; `headers` may hold secrets. */
export interface OtlpTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export type SamplerName = (typeof samplerNames)[number];

/** What the standard variables of OpenTelemetry ask for. Secrets are in here: never log it. */
export interface TelemetrySettings {
  readonly traces: OtlpTarget | undefined;
  readonly metrics: OtlpTarget | undefined;
  readonly serviceName: string;
  readonly resourceAttributes: Readonly<Record<string, string>>;
  readonly sampler: SamplerName;
  /** Share of new traces that are kept, 0 to 1, for samplers by ratio. */
  readonly samplerRatio: number;
  readonly batch: { readonly delayMs: number; readonly queueSize: number; readonly batchSize: number };
  readonly metricsEveryMs: number;
  readonly propagates: boolean;
  /** Ids of the providers whose requests carry the trace on. */
  readonly tracedProviders: readonly string[];
  /** Prompts and answers go into spans. */
  readonly capturesContent: boolean;
}

const samplerNames = [
  ...(['always_on', 'always_off', 'traceidratio'] as const),
  ...(['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const),
] as const;
const yes = ['true', '1', 'yes', 'on', 'span_only', 'span_and_event'];

type Read = (name: string) => string | undefined;

/**
 * Reads the standard variables; undefined when they ask for nothing. Of what cannot be used `problems` is told, with the
 * remedy.
 */
export function readTelemetrySettings(read: Read, problems: string[]): TelemetrySettings | undefined {
  if (read('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return undefined;
  const traces = readTarget('TRACES', read, problems);
  const metrics = readTarget('METRICS', read, problems);
  if (!traces && !metrics) return undefined;
  const integer = (name: string, fallback: number) => {
    const text = read(name);
    if (text === undefined) return fallback;
    if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text);
    problems.push(`${name} is "${text}": give a whole number above 0.`);
    return fallback;
  };
  const samplerText = read('OTEL_TRACES_SAMPLER') ?? 'parentbased_always_on';
  const sampler = samplerNames.find((name) => name === samplerText);
  if (!sampler) problems.push(`OTEL_TRACES_SAMPLER is "${samplerText}": give ${samplerNames.join(', ')}.`);
  const ratioText = read('OTEL_TRACES_SAMPLER_ARG') ?? '1';
  const ratio = Number(ratioText);
  const isRatio = ratioText.trim() !== '' && ratio >= 0 && ratio <= 1;
  if (!isRatio) problems.push(`OTEL_TRACES_SAMPLER_ARG is "${ratioText}": give a share from 0 to 1.`);
  const attributes = readPairs(read('OTEL_RESOURCE_ATTRIBUTES'), 'OTEL_RESOURCE_ATTRIBUTES', problems);
  const { 'service.name': namedService, ...resourceAttributes } = attributes;
  const queueSize = integer('OTEL_BSP_MAX_QUEUE_SIZE', 2_048);
  return {
    traces,
    metrics,
    serviceName: read('OTEL_SERVICE_NAME') ?? namedService ?? 'switchyard',
    resourceAttributes,
    sampler: sampler ?? 'parentbased_always_on',
    samplerRatio: isRatio ? ratio : 1,
    batch: {
      delayMs: integer('OTEL_BSP_SCHEDULE_DELAY', 5_000),
      queueSize,
      batchSize: Math.min(queueSize, integer('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512)),
    },
    metricsEveryMs: integer('OTEL_METRIC_EXPORT_INTERVAL', 60_000),
    propagates: (read('OTEL_PROPAGATORS') ?? 'tracecontext').split(',').some((name) => name.trim() === 'tracecontext'),
    tracedProviders: listOf(read('SWITCHYARD_TRACE_PROVIDERS')),
    capturesContent: yes.includes(read('OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT')?.toLowerCase() ?? 'false'),
  };
}

function readTarget(signal: 'TRACES' | 'METRICS', read: Read, problems: string[]): OtlpTarget | undefined {
  const own = (name: string) => read(`OTEL_EXPORTER_OTLP_${signal}_${name}`);
  const shared = (name: string) => read(`OTEL_EXPORTER_OTLP_${name}`);
  const exporters = listOf(read(`OTEL_${signal}_EXPORTER`));
  const ownUrl = own('ENDPOINT');
  const base = shared('ENDPOINT');
  // Without any of the variables nothing is sent, although the specification has a default address.
  if (exporters.length === 0 ? (ownUrl ?? base) === undefined : !exporters.includes('otlp')) {
    const known = ['none', 'otlp', ...(signal === 'METRICS' ? ['prometheus'] : [])];
    const unknown = exporters.filter((name) => !known.includes(name));
    if (unknown.length > 0) problems.push(`OTEL_${signal}_EXPORTER is "${unknown.join(',')}": give otlp or none.`);
    return undefined;
  }
  const protocol = own('PROTOCOL') ?? shared('PROTOCOL') ?? 'http/protobuf';
  if (protocol !== 'http/protobuf') {
    problems.push(
      `OTEL_EXPORTER_OTLP_PROTOCOL is "${protocol}": Switchyard speaks http/protobuf (port 4318, not 4317).`,
    );
    return undefined;
  }
  const url = ownUrl ?? `${(base ?? 'http://localhost:4318').replace(/\/+$/, '')}/v1/${signal.toLowerCase()}`;
  if (!URL.canParse(url) || !['http:', 'https:'].includes(new URL(url).protocol)) {
    problems.push('OTEL_EXPORTER_OTLP_ENDPOINT is not a URL that starts with http:// or https://.');
    return undefined;
  }
  const timeoutText = own('TIMEOUT') ?? shared('TIMEOUT') ?? '10000';
  const timeoutMs = Number(timeoutText);
  if (!(timeoutMs > 0)) problems.push(`OTEL_EXPORTER_OTLP_TIMEOUT is "${timeoutText}": give milliseconds above 0.`);
  const headers = {
    ...readPairs(shared('HEADERS'), 'OTEL_EXPORTER_OTLP_HEADERS', problems),
    ...readPairs(own('HEADERS'), `OTEL_EXPORTER_OTLP_${signal}_HEADERS`, problems),
  };
  return { url, headers, timeoutMs: timeoutMs > 0 ? timeoutMs : 10_000 };
}

/** `a=b,c=d`, with values as in URLs. Problems do not repeat the text: headers are secrets. */
function readPairs(text: string | undefined, name: string, problems: string[]): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const entry of (text ?? '').split(',').filter((each) => each.trim() !== '')) {
    const at = entry.indexOf('=');
    const key = entry.slice(0, Math.max(0, at)).trim();
    try {
      if (key === '') throw new URIError('no name');
      pairs[decodeURIComponent(key)] = decodeURIComponent(entry.slice(at + 1).trim());
    } catch {
      problems.push(`${name} cannot be read: write name=value, several with commas, values encoded as in URLs.`);
    }
  }
  return pairs;
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
