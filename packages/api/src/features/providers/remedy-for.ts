import type { ProviderErrorKind } from '@switchyard/core/spec';

const remedies: Readonly<Record<ProviderErrorKind, string>> = {
  auth: 'Check the key on the Providers page and restart with a valid one.',
  quota: "Add credit or raise the limit in the provider's console; waiting does not help.",
  'rate-limit': 'Wait a moment and retry, or send fewer requests at once.',
  overloaded: 'The provider has no capacity now: retry later, or use another model.',
  server: 'The provider failed: retry, or use another model.',
  timeout: 'The provider was too slow: retry, or use a faster model.',
  network: "Check that the provider's address can be reached from this server, then retry.",
  'invalid-request': 'Change the prompt or the parameters as the message says.',
  'context-length': 'Shorten the prompt, or use a model with a larger context window.',
  'content-filter': "Change the prompt: the provider's content policy refused it.",
  'model-not-found': 'Choose a model that this provider offers to your account.',
  'invalid-response': 'The answer was cut or unreadable: retry the lane.',
  budget: 'Raise the budget on the Guardrails page, ask for a shorter answer, or use a cheaper model.',
  cancelled: 'The call was stopped: retry it if you still want the answer.',
};

/** What a person can do about a failed call. */
export function remedyFor(kind: ProviderErrorKind): string {
  return remedies[kind];
}
