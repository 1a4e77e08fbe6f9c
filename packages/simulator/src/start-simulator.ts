import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveControl } from './control/control-api.ts';
import { createRequestLog, type RequestLogEntry, withoutSecrets } from './control/request-log.ts';
import { createSettingsStore } from './control/settings.ts';
import { createSimulatorControl, type SimulatorControl } from './control/simulator-control.ts';
import { createExchange } from './exchange/exchange.ts';
import { createFaultRegistry } from './faults/fault-registry.ts';
import { findRoute } from './find-route.ts';
import { createFixedAnswers } from './fixed-answers.ts';
import { createPromptCache } from './generation/prompt-cache.ts';
import { createSeededRandom } from './seeded-random.ts';
import { serveVendor } from './serve-vendor.ts';
import { baseUrlsOf, type SimulatedVendor } from './vendors.ts';

export interface SimulatorOptions {
  /** Answers, timings and ids follow from it; default 1. */
  seed?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** 1 = real time (default), 10 = ten times as fast, Infinity = no delays. */
  speed?: number;
  /** Refuse requests without a key also where the vendor would serve them (Ollama, custom). Keys containing "invalid" or "bad" are always refused. */
  requireKeys?: boolean;
}

export interface Simulator {
  /** For example http://127.0.0.1:4500 */
  readonly url: string;
  /** What to give each vendor's SDK as base URL. */
  readonly baseUrls: Record<SimulatedVendor, string>;
  readonly control: SimulatorControl;
  /** Ends open connections and frees the port. */
  stop(): Promise<void>;
}

/** Longer than clients keep idle connections, so that none is closed while a request is on its way. */
const KEEP_ALIVE_MS = 120_000;

/** Starts the server; rejects when the port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const settings = createSettingsStore({
    speed: options.speed ?? 1,
    seed: options.seed ?? 1,
    requireKeys: options.requireKeys ?? false,
    fixedAnswer: null,
    overrides: [],
  });
  const faults = createFaultRegistry();
  const cache = createPromptCache();
  const log = createRequestLog();
  const state = { settings, faults, cache, fixedAnswers: createFixedAnswers() };
  let requestCount = 0;
  const control = createSimulatorControl({ faults, log, settings }, () => {
    cache.clear();
    requestCount = 0;
  });

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const target = request.url ?? '/';
    if (target.startsWith('/_control')) {
      serveControl(control, request, response).catch(() => response.destroy());
      return;
    }
    const url = new URL(target, 'http://simulator.invalid');
    const route = findRoute(url.pathname);
    if (route === undefined) {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: `No vendor lives at ${url.pathname}` } }));
      return;
    }
    const entry: RequestLogEntry = {
      id: ++requestCount,
      vendor: route.vendor,
      model: route.model ?? null,
      path: url.pathname,
      method: request.method ?? 'GET',
      keyLastFour: null,
      startedAt: Date.now(),
      firstByteAt: null,
      endedAt: null,
      status: null,
      outcome: 'open',
      tokensSent: 0,
      faults: [],
      stream: false,
      body: null,
      headers: withoutSecrets(request.headers),
    };
    log.add(entry);
    const { seed, speed, fixedAnswer } = settings.current;
    const random = createSeededRandom('request', seed, entry.id);
    const exchange = createExchange({
      vendor: route.vendor,
      request,
      response,
      url,
      entry,
      random,
      seed,
      speed,
      fixedAnswer,
    });
    void serveVendor(exchange, route, state);
  }

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true }, handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  const url = `http://${host}:${address.port}`;
  return {
    url,
    baseUrls: baseUrlsOf(url),
    control,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
