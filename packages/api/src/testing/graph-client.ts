/** JSON that a test reads without ceremony. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
export type LooseJson = any;

export interface GraphAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly data: LooseJson;
  readonly errors: readonly { message: string; path?: unknown; extensions: Record<string, unknown> }[] | undefined;
  readonly extensions: LooseJson;
  readonly text: string;
}

/** Sends one operation as a program with an API key would; `headers` replace the usual ones. */
export async function send(
  server: { readonly graphUrl: string; readonly key: string },
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  options: { readonly key?: string; readonly headers?: Record<string, string>; readonly operationName?: string } = {},
): Promise<GraphAnswer> {
  const response = await fetch(server.graphUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${options.key ?? server.key}`,
      ...options.headers,
    },
    body: JSON.stringify({ query, variables, ...(options.operationName && { operationName: options.operationName }) }),
  });
  const text = await response.text();
  const body = text.startsWith('{') ? JSON.parse(text) : {};
  return { ...body, data: body.data, errors: body.errors, status: response.status, headers: response.headers, text };
}

/** Like {@link send}, but an answer with errors fails the test. Returns the data. */
export async function ask(
  server: { readonly graphUrl: string; readonly key: string },
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  options: { readonly key?: string } = {},
): Promise<LooseJson> {
  const answer = await send(server, query, variables, options);
  if (answer.errors) throw new Error(`The answer has errors: ${answer.text}`);
  return answer.data;
}
