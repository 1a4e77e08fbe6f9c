import type { Clock } from '@switchyard/core/kernel';
import { type ModelAdapter, ProviderError } from '@switchyard/core/spec';
import type { ProviderState } from './provider-instance.ts';

/** What one connection test found. */
export interface ConnectionReport {
  readonly isOk: boolean;
  /** The vendor's own words where there are any. */
  readonly message: string;
  readonly modelCount: number | undefined;
  readonly latencyMs: number;
}

/** A report with what it means for the provider. */
export interface ConnectionFinding {
  readonly report: ConnectionReport;
  readonly state: Extract<ProviderState, 'READY' | 'KEY_REJECTED' | 'UNREACHABLE'>;
  /** The vendor's own model ids; undefined when it did not answer. */
  readonly listedModels: readonly string[] | undefined;
}

/** What a failed test says about the remedy. */
interface TestedProvider {
  readonly baseUrl: string | undefined;
  readonly keyVariable: string | undefined;
  readonly keyPageUrl: string | undefined;
}

export const connectionTestLimitMs = 5_000;

/** Asks the vendor for its list of models, its cheapest free call, for at most five seconds. Never throws. */
export async function testAdapter(
  { baseUrl, keyVariable, keyPageUrl }: TestedProvider,
  adapter: ModelAdapter,
  clock: Clock,
): Promise<ConnectionFinding> {
  const startMs = clock.monotonicMs();
  const limit = new AbortController();
  const timer = clock.startTimer(connectionTestLimitMs, () => limit.abort(new Error('timeout')));
  const report = (isOk: boolean, message: string, modelCount?: number): ConnectionReport => ({
    isOk,
    message,
    modelCount,
    latencyMs: Math.round(clock.monotonicMs() - startMs),
  });
  try {
    const { models } = await adapter.testConnection(limit.signal);
    const message = `Connected: ${models.length} models listed.`;
    return { report: report(true, message, models.length), state: 'READY', listedModels: models };
  } catch (error) {
    const words = limit.signal.aborted
      ? `No answer from ${baseUrl} within ${connectionTestLimitMs / 1000} s.`
      : error instanceof ProviderError
        ? error.message
        : 'The connection test failed.';
    if (!(error instanceof ProviderError && error.kind === 'auth')) {
      return { report: report(false, words), state: 'UNREACHABLE', listedModels: undefined };
    }
    const where = keyPageUrl === undefined ? '' : ` (keys: ${keyPageUrl})`;
    const remedy = ` Check ${keyVariable ?? 'the key'}${where}.`;
    return { report: report(false, words + remedy), state: 'KEY_REJECTED', listedModels: undefined };
  } finally {
    timer.cancel();
  }
}
