/** What benchmarks measure. */
export { ModelTelemetry } from '../features/metrics/model-telemetry.ts';
export { Observability } from './observability.ts';
export { inScope } from './request-scope.ts';
export { startTracing } from './tracing/start-tracing.ts';
export { readTelemetrySettings } from './tracing/telemetry-settings.ts';
