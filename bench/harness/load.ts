import autocannon from 'autocannon';

export interface LoadTarget {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What one run of load found; latencies in milliseconds. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failures: number;
}

/** As many requests as `connections` can make. */
export function runLoad(target: LoadTarget, options: { connections: number; seconds: number }): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const instance = autocannon(
      {
        url: target.url,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...target.headers },
        body: target.body,
        connections: options.connections,
        duration: options.seconds,
      },
      (error: Error | null, result) => {
        if (error) return reject(error);
        resolve({
          requestsPerSecond: result.requests.average,
          p50: quantileOf(latencies, 0.5),
          p99: quantileOf(latencies, 0.99),
          failures: result.non2xx + result.errors + result.timeouts,
        });
      },
    );
    // autocannon rounds its own histogram to whole milliseconds, which is coarser than what is measured here.
    const latencies: number[] = [];
    instance.on('response', (_client: unknown, _status: number, _bytes: number, responseTimeMs: number) =>
      latencies.push(responseTimeMs),
    );
  });
}

function quantileOf(values: number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
