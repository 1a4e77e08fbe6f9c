import { createHash } from 'node:crypto';
import type { Clock, Log } from '@switchyard/core/kernel';
import { createModelAdapter, type ProviderConnection } from '@switchyard/core/providers';
import type { ModelAdapter } from '@switchyard/core/spec';

/** An adapter and what identifies its connection without giving it away. */
export interface PooledAdapter {
  readonly connectionKey: string;
  readonly adapter: ModelAdapter;
}

export interface AdapterPoolParts {
  readonly clock: Clock;
  readonly log: Log;
  /** See `createModelAdapter`. */
  readonly traceHeaders?: ((providerId: string) => Readonly<Record<string, string>> | undefined) | undefined;
}

/**
 * Adapters by connection, so that a provider which a reload leaves as it was keeps its client and its connections.
 * {@link sweep} forgets what the last snapshot no longer uses; calls that are running keep theirs.
 */
export class AdapterPool {
  readonly #dependencies: AdapterPoolParts;
  #adapters = new Map<string, PooledAdapter>();
  #used = new Map<string, PooledAdapter>();

  constructor(dependencies: AdapterPoolParts) {
    this.#dependencies = dependencies;
  }

  /** `instanceId` tells apart what different teams call by one id. */
  take(connection: ProviderConnection, instanceId: string = connection.id): PooledAdapter {
    const connectionKey = identify(connection, instanceId);
    const pooled = this.#adapters.get(connectionKey) ?? {
      connectionKey,
      adapter: createModelAdapter(connection, this.#dependencies),
    };
    this.#adapters.set(connectionKey, pooled);
    this.#used.set(connectionKey, pooled);
    return pooled;
  }

  /** Keeps what was taken since the last sweep. */
  sweep(): void {
    this.#adapters = this.#used;
    this.#used = new Map();
  }
}

function identify(connection: ProviderConnection, instanceId: string): string {
  const { id, type, baseUrl, apiKey, headers, addressPolicy } = connection;
  const parts = [instanceId, id, type, baseUrl, apiKey ?? null, Object.entries(headers ?? {}).sort(), addressPolicy];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
