import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError } from 'graphql';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { describeRefusedKey } from '../auth/api-key.ts';
import type { Identity } from '../auth/identity.ts';
import type { Credential } from '../auth/identity-resolver.ts';
import { isTrustedOrigin } from '../auth/origins.ts';
import type { Services } from '../container.ts';
import type { GraphContext } from '../graphql/context.ts';
import type { GraphBuckets } from '../graphql/limits/graph-bucket.ts';
import { maskError } from '../graphql/mask-error.ts';
import { graphPath, type Yoga } from '../graphql/yoga.ts';
import { inScope, placeOf } from '../observability/request-scope.ts';
import { readBearer, readCredential } from './credential.ts';
import { onlyPersisted } from './execute-graph.ts';
import { isPersisted, type PersistedDocuments } from './persisted-documents.ts';
import { watchIdentity } from './watch-identity.ts';

const maxMessageBytes = 256 * 1024;
const keepAliveMs = 12_000;
/** Close codes of our own beside those of graphql-ws. */
const closeUnauthenticated = 4401;
const closeForbidden = 4403;
const closeTooMany = 4429;

interface SocketState extends Extra, Record<PropertyKey, unknown> {
  identity?: Identity;
  isSession?: boolean;
  stopWatching?: () => void;
  /** Aborts when the socket is gone, so that a call made through it is not paid for in vain. */
  gone?: AbortController;
}

/** The sockets of the graph; `close` ends all of them with 1001, so that clients come back with their cursor. */
export interface GraphSockets {
  readonly socketCount: () => number;
  /** Operations under way on all of them. */
  readonly operationCount: () => number;
  close(): Promise<void>;
}

/**
 * Serves graphql-ws on `server`. Everything runs through Yoga's enveloped functions, so that every plugin, limit and
 * mask that protects HTTP protects the socket too. A credential is taken from `connection_init` (`Authorization`) or
 * from the upgrade request; pages of other sites are refused; an ended credential closes the socket with 4403.
 */
export function serveGraphSockets(
  server: Server,
  services: Services,
  yoga: Yoga,
  buckets: GraphBuckets,
  persistedDocuments: PersistedDocuments,
): GraphSockets {
  const { limits } = services.settings;
  const { tracing } = services.observability;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: false });
  const connected = new Set<{ readonly subscriptions: Readonly<Record<string, unknown>> }>();
  const changeCount = createCounts();
  const changeAddressCount = createCounts();

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = (request.url ?? '').split('?')[0];
    const { origin, host } = request.headers;
    if (path !== graphPath) return refuseUpgrade(socket, '404 Not Found');
    if (origin !== undefined && !isTrustedOrigin(origin, host, services.origins))
      return refuseUpgrade(socket, '403 Forbidden');
    const address = request.socket.remoteAddress ?? 'unknown';
    // From the first byte on, so that sockets which never say who they are count as well.
    if (changeAddressCount(address, 1) > limits.socketsPerAddress) {
      changeAddressCount(address, -1);
      return refuseUpgrade(socket, '429 Too Many Requests');
    }
    socket.once('close', () => changeAddressCount(address, -1));
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.once('close', (code) => services.observability.http.socketClosed(code));
      sockets.emit('connection', webSocket, request);
    });
  };
  server.on('upgrade', onUpgrade);

  const dispose = useServer<Record<string, unknown> | undefined, SocketState>(
    {
      connectionInitWaitTimeout: 3_000,
      execute: (args) => (args.rootValue as Enveloped).execute(args),
      subscribe: (args) => (args.rootValue as Enveloped).subscribe(args),
      onConnect: async (context) => {
        const { connectionParams, extra } = context;
        const credential = credentialOf(connectionParams, extra.request);
        const identity = credential && (await services.identities.resolve(credential));
        if (!credential || !identity) {
          const reason = credential?.kind === 'api-key' ? describeRefusedKey(credential.key) : 'Unauthenticated';
          extra.socket.close(closeUnauthenticated, reason);
          return false;
        }
        // Gone meanwhile: nobody would ever count it down again.
        if (extra.socket.readyState !== extra.socket.OPEN) return false;
        if (changeCount(identity.subject, 1) > limits.socketsPerIdentity) {
          changeCount(identity.subject, -1);
          extra.socket.close(closeTooMany, 'Too many sockets');
          return false;
        }
        connected.add(context);
        extra.identity = identity;
        extra.isSession = credential.kind === 'session';
        extra.gone = new AbortController();
        const end = () => extra.socket.close(closeForbidden, 'The credential has ended');
        extra.stopWatching = watchIdentity(services.identities, services.clock, credential, end, identity);
        return true;
      },
      onDisconnect: ({ extra }) => leave(extra, changeCount),
      onClose: (context) => {
        connected.delete(context);
        leave(context.extra, changeCount);
      },
      onSubscribe: async (context, _id, payload) => {
        const { identity } = context.extra;
        if (!identity) return [new GraphQLError('Not connected yet.', { extensions: { code: 'UNAUTHENTICATED' } })];
        if (Object.keys(context.subscriptions).length > limits.subscriptionsPerSocket) {
          const message = `A socket may hold ${limits.subscriptionsPerSocket} operations at once.`;
          return [new GraphQLError(message, { extensions: { code: 'RATE_LIMITED' } })];
        }
        const isPersistedOnly = context.extra.isSession === true && services.settings.isPersistedOnly;
        if (isPersistedOnly && !isPersisted(persistedDocuments, payload.query)) return [onlyPersisted()];
        const requestId = services.ids.next('req');
        const scope = {
          requestId,
          teamId: identity.teamId,
          transport: 'websocket' as const,
          client: placeOf(context.extra.request),
        };
        const serverContext: GraphContext = {
          identity,
          services,
          bucket: buckets.of(identity.subject),
          requestId,
          signal: context.extra.gone?.signal,
        };
        const { schema, parse, validate, contextFactory, execute, subscribe } = yoga.getEnveloped({
          ...serverContext,
          params: payload,
        } as never);
        try {
          const document = parse(payload.query);
          const errors = validate(schema, document);
          if (errors.length > 0) return errors.map((error: unknown) => maskError(error, services.log, requestId));
          return {
            schema,
            document,
            operationName: payload.operationName,
            variableValues: payload.variables,
            contextValue: await contextFactory(),
            rootValue: {
              execute: async (args) => {
                const span = tracing?.beginRequest({ method: 'POST', headers: {} }, graphPath, requestId);
                try {
                  return await inScope({ ...scope, ...(span && { trace: span.place }) }, () => execute(args));
                } finally {
                  span?.end(200, identity.teamId);
                }
              },
              subscribe: (args) => inScope(scope, () => subscribe(args)),
            } satisfies Enveloped,
          };
        } catch (error) {
          return [maskError(error, services.log, requestId)];
        }
      },
    },
    sockets,
    keepAliveMs,
  );
  return {
    socketCount: () => sockets.clients.size,
    operationCount: () => {
      let count = 0;
      for (const { subscriptions } of connected) count += Object.keys(subscriptions).length;
      return count;
    },
    close: async () => {
      server.off('upgrade', onUpgrade);
      await dispose.dispose();
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: Yoga types these functions by its own context, graphql-ws by any.
type Enveloped = { execute: (args: any) => any; subscribe: (args: any) => any };

/** Counts by name: adds `by` and answers the new count. */
function createCounts(): (name: string, by: number) => number {
  const counts = new Map<string, number>();
  return (name, by) => {
    const count = (counts.get(name) ?? 0) + by;
    if (count > 0) counts.set(name, count);
    else counts.delete(name);
    return count;
  };
}

function leave(state: SocketState, changeCount: (subject: string, by: number) => number): void {
  state.stopWatching?.();
  state.gone?.abort(new Error('The client went away.'));
  if (state.identity) changeCount(state.identity.subject, -1);
  delete state.identity;
  delete state.stopWatching;
}

function credentialOf(
  parameters: Readonly<Record<string, unknown>> | undefined,
  request: IncomingMessage,
): Credential | undefined {
  const key = readBearer(parameters?.authorization ?? parameters?.Authorization);
  return key === undefined ? readCredential(request.headers) : { kind: 'api-key', key };
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
