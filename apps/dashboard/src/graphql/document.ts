import type { TypedDocumentNode } from '@graphql-typed-document-node/core';

const persistedIds = new Map<string, string>();

/**
 * A typed document kept as text (urql parses it on first use). Remembers its persisted id under the operation's name.
 * Called by generated code only.
 */
export function document<Data, Variables>(persistedId: string, text: string): TypedDocumentNode<Data, Variables> {
  const name = /^(?:query|mutation|subscription) (\w+)/.exec(text)?.[1];
  if (name) persistedIds.set(name, persistedId);
  return text as unknown as TypedDocumentNode<Data, Variables>;
}

/** `sha256:…` of the text that the client sends for this operation, if it has been loaded. */
export function persistedIdOf(operationName: string | undefined): string | undefined {
  return operationName === undefined ? undefined : persistedIds.get(operationName);
}
