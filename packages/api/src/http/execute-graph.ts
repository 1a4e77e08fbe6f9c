import { type DocumentNode, type ExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import type { GraphContext } from '../graphql/context.ts';
import { graphError } from '../graphql/errors.ts';
import { inputLimits, isBulkOperation } from '../graphql/limits/operation-input.ts';
import { maskError } from '../graphql/mask-error.ts';
import type { Yoga } from '../graphql/yoga.ts';
import { isPersisted, type PersistedDocuments } from './persisted-documents.ts';

/** An answer over HTTP. */
export interface GraphAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface GraphParameters {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>> | null;
}

/**
 * Runs one query or mutation that was sent by POST, through Yoga's enveloped functions like the socket does, and writes
 * its answer as GraphQL over HTTP says. Yoga's own HTTP layer builds a WHATWG request, response and two streams for
 * each call, which costs more than everything else that Switchyard does on the light path; it serves the rest (GET,
 * server-sent events). Undefined: this is a subscription that the client would take as server-sent events.
 */
export async function executeGraph(
  yoga: Yoga,
  body: string,
  accept: string,
  context: GraphContext,
  documents: { readonly persisted: PersistedDocuments; readonly isPersistedOnly: boolean },
): Promise<GraphAnswer | undefined> {
  const isModern = accept.includes('application/graphql-response+json');
  const failed = (errors: readonly GraphQLError[], status = isModern ? 400 : 200) =>
    write({ errors }, isModern, status);
  const parameters = readParameters(body, documents.persisted);
  if (parameters instanceof GraphQLError) return failed([parameters], 400);
  if (documents.isPersistedOnly && !isPersisted(documents.persisted, parameters.query)) {
    return failed([onlyPersisted()], 403);
  }
  const mask = (error: unknown) => maskError(error, context.services.log, context.requestId);

  const { schema, parse, validate, contextFactory, execute } = yoga.getEnveloped({
    ...context,
    params: parameters,
  } as never);
  let document: DocumentNode;
  try {
    document = parse(parameters.query);
  } catch (error) {
    return failed([mask(error)]);
  }
  const invalid: readonly unknown[] = validate(schema, document);
  if (invalid.length > 0) return failed(invalid.map(mask));
  const operation = getOperationAST(document, parameters.operationName);
  if (!operation) return failed([graphError('BAD_USER_INPUT', 'Name the operation to run with operationName.')]);
  // In characters, of which there are never more than bytes.
  if (body.length > inputLimits.bytes && !isBulkOperation(operation)) {
    return failed([graphError('BAD_USER_INPUT', bodyLimitMessage(inputLimits.bytes))], 413);
  }
  if (operation.operation === 'subscription') {
    if (accept.includes('text/event-stream')) return undefined;
    const message = 'Subscribe over a WebSocket (graphql-ws), or with Accept: text/event-stream.';
    return failed([graphError('BAD_USER_INPUT', message)], isModern ? 400 : 406);
  }
  const result: ExecutionResult = await execute({
    schema,
    document,
    operationName: parameters.operationName,
    variableValues: parameters.variables,
    contextValue: await contextFactory(),
  });
  return write(result, isModern, result.data === undefined && isModern ? 400 : 200);
}

/** What is said of a body that is too large. */
export function bodyLimitMessage(maxBytes: number): string {
  return `A request may have ${Math.round(maxBytes / 1_000_000)} MB at the most.`;
}

/** What is said to a browser's session that sends a document of its own where only the dashboard's are taken. */
export function onlyPersisted(): GraphQLError {
  const message = 'Sessions may send the documents of the dashboard only. Use an API key for documents of your own.';
  return graphError('FORBIDDEN', message);
}

function readParameters(body: string, persistedDocuments: PersistedDocuments): GraphParameters | GraphQLError {
  let sent: unknown;
  try {
    sent = JSON.parse(body);
  } catch {
    return graphError('BAD_USER_INPUT', 'The body is not JSON.');
  }
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) {
    return graphError('BAD_USER_INPUT', 'Send one JSON object: { "query": …, "variables": … }.');
  }
  const { documentId, operationName, variables, extensions, ...rest } = sent as Record<string, unknown>;
  const query = rest.query ?? (typeof documentId === 'string' ? persistedDocuments.get(documentId) : undefined);
  if (query === undefined && documentId !== undefined) {
    return graphError(
      'PERSISTED_DOCUMENT_NOT_FOUND',
      'This server does not know the document; send its text as `query`.',
    );
  }
  if (typeof query !== 'string' || query === '') return graphError('BAD_USER_INPUT', '`query` must be a text.');
  if (operationName != null && typeof operationName !== 'string') {
    return graphError('BAD_USER_INPUT', '`operationName` must be a text.');
  }
  if (!isOptionalObject(variables)) return graphError('BAD_USER_INPUT', '`variables` must be an object.');
  if (!isOptionalObject(extensions)) return graphError('BAD_USER_INPUT', '`extensions` must be an object.');
  return { query, operationName: operationName ?? null, variables: variables ?? null };
}

function isOptionalObject(value: unknown): value is Record<string, unknown> | null | undefined {
  return value == null || (typeof value === 'object' && !Array.isArray(value));
}

/** Writes a result; an error may ask for a status and headers of its own (429 with Retry-After). */
function write(result: ExecutionResult, isModern: boolean, status: number): GraphAnswer {
  let answer = { status, headers: {} as Record<string, string> };
  const errors = result.errors?.map((error) => {
    const { http, ...extensions } = error.extensions;
    const wanted = http as { spec?: boolean; status?: number; headers?: Record<string, string> } | undefined;
    // Yoga marks with `spec` what applies to the modern media type only.
    if (wanted?.status !== undefined && (isModern || !wanted.spec))
      answer = { status: wanted.status, headers: wanted.headers ?? {} };
    const { message, locations, path } = error.toJSON();
    return { message, ...(locations && { locations }), ...(path && { path }), extensions };
  });
  const { data, extensions } = result;
  return {
    status: answer.status,
    headers: {
      'content-type': `${isModern ? 'application/graphql-response+json' : 'application/json'}; charset=utf-8`,
      ...answer.headers,
    },
    body: JSON.stringify({
      ...(errors && { errors }),
      ...(data !== undefined && { data }),
      ...(extensions && { extensions }),
    }),
  };
}
