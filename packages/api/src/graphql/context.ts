import type { Identity } from '../auth/identity.ts';
import type { Services } from '../container.ts';
import type { GraphBucket } from './limits/graph-bucket.ts';

/** What every resolver gets: who asks and what there is to answer with. */
export interface GraphContext {
  readonly identity: Identity;
  readonly services: Services;
  /** What this identity may still ask of the graph. */
  readonly bucket: GraphBucket;
  /** Names this request in logs and in unexpected errors. */
  readonly requestId: string;
  /** Aborts when the client goes away; undefined where the transport does not tell. */
  readonly signal: AbortSignal | undefined;
}
