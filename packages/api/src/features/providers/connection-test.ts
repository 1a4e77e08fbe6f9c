import type { Clock } from '@switchyard/core/kernel';
import { type ModelAdapter, ProviderError, type ProviderErrorKind } from '@switchyard/core/spec';
import type { ProviderState } from './provider-instance.ts';

/** What one connection test found. */
export interface ConnectionReport {
  readonly isOk: boolean;
  /** The vendor's own words where there are any. */
  readonly message: string;
  readonly modelCount: number | undefined;
  readonly latencyMs: number;
  /** Why it failed; undefined when it did not, or when nobody knows. */
  readonly errorKind?: ProviderErrorKind | undefined;
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

/** Asks the vendor for its list of models, its cheapest free call, for at most `limitMs`. Never throws. */
export async function testAdapter(
  { baseUrl, keyVariable, keyPageUrl }: TestedProvider,
  adapter: ModelAdapter,
  clock: Clock,
  limitMs: number = connectionTestLimitMs,
): Promise<ConnectionFinding> {
  const startMs = clock.monotonicMs();
  const limit = new AbortController();
  const timer = clock.startTimer(limitMs, () => limit.abort(new Error('timeout')));
  const report = (
    isOk: boolean,
    message: string,
    modelCount?: number,
    errorKind?: ProviderErrorKind,
  ): ConnectionReport => ({
    isOk,
    message,
    modelCount,
    latencyMs: Math.round(clock.monotonicMs() - startMs),
    ...(errorKind && { errorKind }),
  });
  try {
    // An adapter that does not hear of the end of the time must not hold up whoever waits.
    const { promise: ended, reject } = Promise.withResolvers<never>();
    limit.signal.addEventListener('abort', () => reject(limit.signal.reason), { once: true });
    const { models } = await Promise.race([adapter.testConnection(limit.signal), ended]);
    const message = `Connected: ${models.length} models listed.`;
    return { report: report(true, message, models.length), state: 'READY', listedModels: models };
  } catch (error) {
    const words = limit.signal.aborted
      ? `No answer from ${baseUrl} within ${limitMs / 1000} s.`
      : error instanceof ProviderError
        ? error.message
        : 'The connection test failed.';
    const kind = limit.signal.aborted ? 'timeout' : error instanceof ProviderError ? error.kind : 'network';
    if (!(error instanceof ProviderError && error.kind === 'auth')) {
      return { report: report(false, words, undefined, kind), state: 'UNREACHABLE', listedModels: undefined };
    }
    const where = keyPageUrl === undefined ? '' : ` (keys: ${keyPageUrl})`;
    const remedy = ` Check ${keyVariable ?? 'the key'}${where}.`;
    return { report: report(false, words + remedy, undefined, kind), state: 'KEY_REJECTED', listedModels: undefined };
  } finally {
    timer.cancel();
  }
}
