/** Response headers as the HTTP client gives them: lower-case names. */
export type HeaderMap = Readonly<Record<string, string | string[] | undefined>>;

/** The (first) value of a header. `name` is lower-case. */
export function headerOf(headers: HeaderMap, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The vendor's id of the request, under whichever name it gives it. */
export function findRequestId(headers: HeaderMap): string | undefined {
  for (const name of ['x-request-id', 'request-id', 'x-goog-request-id', 'apim-request-id', 'cf-ray']) {
    const value = headerOf(headers, name);
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}
