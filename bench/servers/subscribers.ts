/** Many subscribers of one comparison in a process of their own; prints one line of figures when all have ended. */
import WebSocket from 'ws';

const { GRAPH_URL = '', API_KEY = '', COMPARISON_ID = '', SUBSCRIBERS = '1' } = process.env;
const count = Number(SUBSCRIBERS);
const query =
  'subscription($id: ID!) { comparisonEvents(comparisonId: $id) { __typename ... on SequencedEvent { seq at } ... on OutputDelta { laneId text offset } } }';
const lagsMs: number[] = [];
let delivered = 0;
let gaps = 0;
let open = count;
let startedAtMs = 0;

for (let index = 0; index < count; index += 1) {
  const socket = new WebSocket(GRAPH_URL.replace('http', 'ws'), 'graphql-transport-ws');
  let lastSeq = 0;
  let subscribedAtMs = 0;
  socket.on('open', () =>
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${API_KEY}` } })),
  );
  socket.on('message', (data: Buffer) => {
    const text = data.toString('latin1');
    if (text.includes('"next"')) {
      const seq = Number(/"seq":(\d+)/.exec(text)?.[1]);
      delivered += 1;
      startedAtMs ||= Date.now();
      if (seq !== lastSeq + 1) gaps += 1;
      lastSeq = seq;
      // One in twenty is enough for quantiles, and keeps this process from becoming the bottleneck.
      const atMs = Date.parse(/"at":"([^"]+)"/.exec(text)?.[1] ?? '');
      // What happened before this subscriber came is a replay, not a lag.
      if (delivered % 20 === 0 && atMs >= subscribedAtMs) lagsMs.push(Date.now() - atMs);
    } else if (text.includes('"connection_ack"')) {
      subscribedAtMs = Date.now();
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables: { id: COMPARISON_ID } } }));
      if (index === count - 1) console.log('ready all');
    } else if (text.includes('"ping"')) socket.send('{"type":"pong"}');
    else if (text.includes('"complete"')) socket.close();
  });
  socket.on('close', () => {
    open -= 1;
    if (open > 0) return;
    const seconds = (Date.now() - startedAtMs) / 1000;
    lagsMs.sort((a, b) => a - b);
    const at = (share: number) => lagsMs[Math.floor(share * (lagsMs.length - 1))] ?? Number.NaN;
    console.log(`figures ${JSON.stringify({ delivered, gaps, seconds, p50: at(0.5), p99: at(0.99) })}`);
    process.exit(0);
  });
  if (index % 50 === 49) await new Promise((resolve) => setTimeout(resolve, 20));
}
