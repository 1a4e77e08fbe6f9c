import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity } from '../../auth/identity.ts';
import type { Credential } from '../../auth/identity-resolver.ts';
import type { Services } from '../../container.ts';

/** One request of a client that was let in. */
export interface OpenAiExchange {
  readonly services: Services;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly identity: Identity;
  readonly credential: Credential;
  /** Also in the header `x-request-id` and in the record of the call. */
  readonly requestId: string;
}
