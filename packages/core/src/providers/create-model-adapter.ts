import type { Clock, Log } from '../kernel/index.ts';
import type { ModelAdapter } from '../spec/index.ts';
import { createAnthropicMessagesProtocol } from './anthropic-messages/adapter.ts';
import { embed } from './embeddings/embed.ts';
import { UnsupportedCallError } from './encoded-call.ts';
import { callError, cancelledError, type FailureContext } from './failures/to-provider-error.ts';
import { createGoogleGenerateProtocol } from './google-generate/adapter.ts';
import { AddressRefusedError } from './guarded-fetch/address-policy.ts';
import { Exchange } from './guarded-fetch/exchange.ts';
import { createGuardedFetch } from './guarded-fetch/guarded-fetch.ts';
import { createRedactor } from './guarded-fetch/redactor.ts';
import { listModels } from './list-models.ts';
import { createOpenAiChatProtocol } from './openai-chat/adapter.ts';
import type { AdapterParts, ProtocolAdapter, StartedCall } from './protocol-adapter.ts';
import type { ProviderConnection } from './provider-connection.ts';
import type { ProviderProfile, WireProtocol } from './provider-profile.ts';
import { providerProfiles } from './provider-profiles.ts';
import { runStream } from './run-stream.ts';

const protocols: Readonly<Record<WireProtocol, (parts: AdapterParts) => ProtocolAdapter>> = {
  'openai-chat': createOpenAiChatProtocol,
  'anthropic-messages': createAnthropicMessagesProtocol,
  'google-generate': createGoogleGenerateProtocol,
};

/**
 * Makes the adapter of one provider instance. Never throws: a connection that cannot work (no key, an endpoint that the
 * address policy refuses) gives an adapter whose calls throw the `ProviderError` that says what to do.
 */
export function createModelAdapter(
  connection: ProviderConnection,
  deps: {
    readonly clock: Clock;
    readonly log: Log;
    /** Asked for each request: what goes along beside everything else, such as a trace's context. Never secrets. */
    readonly traceHeaders?: ((providerId: string) => Readonly<Record<string, string>> | undefined) | undefined;
  },
): ModelAdapter {
  const profile = providerProfiles[connection.type];
  const redact = createRedactor([
    connection.apiKey,
    ...Object.values(connection.headers ?? {}).filter((value) => value.length >= windowedSecret),
  ]);
  const openProtocol = memoise(() => {
    const fetch = createGuardedFetch(connection, profile, deps.traceHeaders);
    return { fetch, protocol: protocols[profile.protocol]({ connection, profile, fetch }) };
  });
  const ready = (model: string) => {
    const base = { provider: connection.id, model, displayName: profile.displayName, redact };
    if (profile.needsKey && !connection.apiKey)
      throw callError(base, 'auth', missingKeyMessage(profile), 'key-missing');
    try {
      const { fetch, protocol } = openProtocol();
      return { fetch, protocol, context: { ...base, rules: protocol.rules } satisfies FailureContext };
    } catch (error) {
      if (error instanceof AddressRefusedError) throw callError(base, 'invalid-request', error.message, error.code);
      throw error;
    }
  };

  return {
    provider: connection.id,
    stream(call, signal) {
      let protocol: ProtocolAdapter;
      let context: FailureContext;
      let started: StartedCall;
      try {
        ({ protocol, context } = ready(call.model));
        started = inWordsOf(context, () => protocol.start(call));
      } catch (error) {
        return failAtFirstRead(error);
      }
      const exchange = new Exchange(deps.clock, true);
      return runStream(
        {
          exchange,
          context,
          log: deps.log,
          decoder: started.decoder,
          warnings: started.warnings,
          open: () => started.open(exchange),
        },
        signal,
      );
    },
    async embed(call, signal) {
      const { fetch, protocol, context } = ready(call.model);
      const { embeddings } = protocol;
      if (!embeddings) throw callError(context, 'invalid-request', noEmbeddings(profile));
      const warnings = inWordsOf(context, () => embeddings.check(call));
      const { baseUrl } = connection;
      const createExchange = () => new Exchange(deps.clock, true);
      return embed({ baseUrl, fetch, context, protocol: embeddings, warnings, createExchange }, call, signal);
    },
    async testConnection(signal) {
      const { fetch, context } = ready('');
      const exchange = new Exchange(deps.clock, false);
      if (signal.aborted) throw cancelledError(exchange, context);
      return listModels({ connection, profile, fetch, exchange, context, signal });
    },
  };
}

/** A stream that could not begin: what it throws, it throws to its reader. */
// biome-ignore lint/correctness/useYield: the type of a stream, of which this one has no part.
async function* failAtFirstRead(error: unknown): AsyncGenerator<never, void, undefined> {
  throw error;
}

/** Values of extra headers shorter than this are ordinary words, not secrets. */
const windowedSecret = 8;

/** Does `work` and makes a `ProviderError` of an `UnsupportedCallError`. */
function inWordsOf<Result>(context: FailureContext, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof UnsupportedCallError) throw callError(context, 'invalid-request', error.message);
    throw error;
  }
}

function noEmbeddings(profile: ProviderProfile): string {
  const where = profile.embeddings?.isMissingAtDefaultUrl
    ? `, except at an endpoint of your own: set ${profile.baseUrlVariable} to one`
    : '';
  return `${profile.displayName} makes no embeddings${where}. Use a model that does, for example openai/text-embedding-3-small, google/gemini-embedding-001 or cohere/embed-v4.0.`;
}

function missingKeyMessage(profile: ProviderProfile): string {
  return `${profile.displayName} needs an API key. Set ${profile.keyVariable}${profile.keyPageUrl ? `; get a key at ${profile.keyPageUrl}` : ''}.`;
}

/** Runs `create` at the first use: a client costs more than most connections of a team ever need. */
function memoise<Value>(create: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: create() };
    return made.value;
  };
}
