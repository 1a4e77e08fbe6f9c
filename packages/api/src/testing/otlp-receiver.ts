import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Value = string | number | boolean | readonly Value[] | undefined;

export interface ReceivedSpan {
  /** `service.instance.id` of the process that sent it. */
  readonly instance: Value;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, Value>>;
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, Value>> }[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** 2 is an error. */
  readonly statusCode: number;
}

export interface ReceivedMetric {
  readonly name: string;
  readonly unit: string;
  readonly points: readonly {
    readonly attributes: Readonly<Record<string, Value>>;
    readonly value?: number | undefined;
    readonly count?: number | undefined;
    readonly sum?: number | undefined;
  }[];
}

/** A collector that keeps what it gets: OTLP over HTTP with protobuf, read by the numbers of opentelemetry-proto 1.x. */
export interface OtlpReceiver {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  readonly metrics: Map<string, ReceivedMetric>;
  /** Attributes of the resource of the last export. */
  readonly resource: () => Readonly<Record<string, Value>>;
  /** Everything that came, as it came. */
  readonly bytes: () => Buffer;
  readonly headers: () => Readonly<Record<string, unknown>>;
  /** Answers every export with this status from now on. */
  answer(status: number): void;
  stop(): Promise<void>;
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const metrics = new Map<string, ReceivedMetric>();
  const bodies: Buffer[] = [];
  let resource: Readonly<Record<string, Value>> = {};
  let headers: Readonly<Record<string, unknown>> = {};
  let status = 200;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    bodies.push(body);
    headers = request.headers;
    if (status === 200 && request.headers['content-type'] === 'application/x-protobuf') {
      for (const ofResource of messages(body, 1)) {
        resource = readAttributes(messages(ofResource, 1)[0] ?? Buffer.alloc(0), 1);
        const items = messages(ofResource, 2).flatMap((scope) => messages(scope, 2));
        if (request.url === '/v1/traces') {
          const instance = resource['service.instance.id'];
          spans.push(...items.map((item) => ({ ...readSpan(item), instance })));
        }
        if (request.url === '/v1/metrics') for (const item of items) metrics.set(textOf(item, 1), readMetric(item));
      }
    }
    response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    metrics,
    resource: () => resource,
    bytes: () => Buffer.concat(bodies),
    headers: () => headers,
    answer: (wanted) => {
      status = wanted;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Field {
  readonly number: number;
  readonly bytes: Buffer;
  readonly value: bigint;
}

/** The fields of one protobuf message, in the order in which they stand. */
function fields(message: Buffer): readonly Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at] ?? 0;
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    let bytes: Buffer = Buffer.alloc(0);
    let value = 0n;
    if (wire === 0) value = varint();
    else {
      const length = wire === 1 ? 8 : wire === 5 ? 4 : Number(varint());
      bytes = message.subarray(at, at + length);
      at += length;
      if (wire === 1) value = bytes.readBigUInt64LE();
    }
    found.push({ number: tag >> 3, bytes, value });
  }
  return found;
}

const all = (message: Buffer, number: number) => fields(message).filter((field) => field.number === number);
const messages = (message: Buffer, number: number) => all(message, number).map(({ bytes }) => bytes);
const textOf = (message: Buffer, number: number) => messages(message, number)[0]?.toString('utf8') ?? '';
const hexOf = (message: Buffer, number: number) => messages(message, number)[0]?.toString('hex') ?? '';
const numberOf = (message: Buffer, number: number) => Number(all(message, number)[0]?.value ?? 0n);
const doubleOf = (message: Buffer, number: number) => messages(message, number)[0]?.readDoubleLE();

function readAttributes(message: Buffer, number: number): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    messages(message, number).map((pair) => [textOf(pair, 1), readValue(messages(pair, 2)[0] ?? Buffer.alloc(0))]),
  );
}

function readValue(any: Buffer): Value {
  const [field] = fields(any);
  if (!field) return undefined;
  const { number, bytes, value } = field;
  if (number === 1) return bytes.toString('utf8');
  if (number === 2) return value === 1n;
  if (number === 3) return Number(BigInt.asIntN(64, value));
  if (number === 4) return bytes.readDoubleLE();
  return number === 5 ? messages(bytes, 1).map(readValue) : undefined;
}

function readSpan(span: Buffer): Omit<ReceivedSpan, 'instance'> {
  return {
    traceId: hexOf(span, 1),
    spanId: hexOf(span, 2),
    parentSpanId: hexOf(span, 4),
    name: textOf(span, 5),
    kind: numberOf(span, 6),
    startMs: numberOf(span, 7) / 1e6,
    endMs: numberOf(span, 8) / 1e6,
    attributes: readAttributes(span, 9),
    events: messages(span, 11).map((event) => ({ name: textOf(event, 2), attributes: readAttributes(event, 3) })),
    links: messages(span, 13).map((link) => ({ traceId: hexOf(link, 1), spanId: hexOf(link, 2) })),
    statusCode: numberOf(messages(span, 15)[0] ?? Buffer.alloc(0), 3),
  };
}

function readMetric(metric: Buffer): ReceivedMetric {
  const numbers = [5, 7].flatMap((kind) => messages(metric, kind)).flatMap((data) => messages(data, 1));
  const histograms = messages(metric, 9).flatMap((data) => messages(data, 1));
  return {
    name: textOf(metric, 1),
    unit: textOf(metric, 3),
    points: [
      ...numbers.map((point) => ({
        attributes: readAttributes(point, 7),
        value: doubleOf(point, 4) ?? numberOf(point, 6),
      })),
      ...histograms.map((point) => ({
        attributes: readAttributes(point, 9),
        count: numberOf(point, 4),
        sum: doubleOf(point, 5),
      })),
    ],
  };
}
