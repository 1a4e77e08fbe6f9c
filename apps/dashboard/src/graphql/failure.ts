import type { CombinedError } from 'urql';

/** What a person needs when something unexpected failed. */
export interface Failure {
  title: string;
  message: string;
  code: string | undefined;
  requestId: string | undefined;
}

type Extensions = { code?: string; requestId?: string; retryAfterMs?: number };

export function isUnauthenticated(error: CombinedError): boolean {
  return error.graphQLErrors.some((item) => (item.extensions as Extensions | undefined)?.code === 'UNAUTHENTICATED');
}

const titles: Record<string, string> = {
  FORBIDDEN: 'You do not have access to this',
  BAD_USER_INPUT: 'The server did not accept this request',
  COST_LIMIT_EXCEEDED: 'This request asks for too much at once',
  RATE_LIMITED: 'Too many requests for the moment',
  INTERNAL: 'Something failed on the server',
};

/** Turns a client error into a sentence, the code and the request id that the server's log carries too. */
export function describeFailure(error: CombinedError): Failure {
  const first = error.graphQLErrors[0];
  const extensions = first?.extensions as Extensions | undefined;
  if (first) {
    return {
      title: titles[extensions?.code ?? ''] ?? 'The request failed',
      message: first.message,
      code: extensions?.code,
      requestId: extensions?.requestId,
    };
  }
  return {
    title: 'The server cannot be reached',
    message: 'Switchyard did not answer. If you stopped it, start it again; this page goes on where it was.',
    code: undefined,
    requestId: undefined,
  };
}
