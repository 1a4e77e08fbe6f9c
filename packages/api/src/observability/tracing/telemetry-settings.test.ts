import { describe, expect, test } from 'vitest';
import { readTelemetrySettings } from './telemetry-settings.ts';

const endpoint = 'https://collector.example:4318/';
function read(environment: Readonly<Record<string, string>>) {
  const problems: string[] = [];
  return { settings: readTelemetrySettings((name) => environment[name], problems), problems };
}

describe('the standard variables', () => {
  test('switch nothing on by themselves, nor when they are switched off', () => {
    for (const environment of [
      {},
      { OTEL_SERVICE_NAME: 'x' },
      { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'true' },
      { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' },
    ])
      expect(read(environment)).toEqual({ settings: undefined, problems: [] });
  });

  test('one address serves both signals, an own one is taken as it is, headers add up', () => {
    const { settings, problems } = read({
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://other.example/custom',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20abc%3D,x-a=1',
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-a=2',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=from-attributes,deployment.environment.name=prod',
    });
    expect(problems).toEqual([]);
    expect(settings?.traces).toMatchObject({
      url: 'https://collector.example:4318/v1/traces',
      headers: { authorization: 'Basic abc=', 'x-a': '1' },
    });
    expect(settings?.metrics).toMatchObject({ url: 'http://other.example/custom', headers: { 'x-a': '2' } });
    expect(settings).toMatchObject({
      serviceName: 'from-attributes',
      resourceAttributes: { 'deployment.environment.name': 'prod' },
      sampler: 'parentbased_always_on',
      propagates: true,
      capturesContent: false,
    });
  });

  test('an exporter that was asked for without an address goes to the standard one', () => {
    const { settings } = read({ OTEL_TRACES_EXPORTER: 'otlp' });
    expect(settings?.traces?.url).toBe('http://localhost:4318/v1/traces');
    expect(settings?.metrics).toBeUndefined();
  });

  test.each([
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', '4318'],
    ['OTEL_TRACES_EXPORTER', 'zipkin', 'otlp or none'],
    ['OTEL_TRACES_SAMPLER', 'sometimes', 'parentbased_traceidratio'],
    ['OTEL_TRACES_SAMPLER_ARG', '2', 'share'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', 'many', 'whole number'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', 'soon', 'milliseconds'],
  ])('%s=%s is refused with the remedy', (name, value, remedy) => {
    const { problems } = read({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, [name]: value });
    expect(problems.join()).toContain(name);
    expect(problems.join()).toContain(remedy);
  });

  test('headers that cannot be read are not repeated: they are secrets', () => {
    const { problems } = read({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: 'canary-secret%' });
    expect(problems.join()).toContain('OTEL_EXPORTER_OTLP_HEADERS');
    expect(problems.join()).not.toContain('canary');
  });
});
