/** The baseline for streams: a bare Node server that passes on what the official SDK's iterator gives, and nothing else. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI from 'openai';

const client = new OpenAI({ apiKey: 'bench', baseURL: process.env.UPSTREAM_URL, maxRetries: 0 });
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const call: OpenAI.ChatCompletionCreateParamsStreaming = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const stream = await client.chat.completions.create({ ...call, stream: true });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for await (const chunk of stream) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    response.end('data: [DONE]\n\n');
  });
});
server.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}`));
process.once('SIGTERM', () => process.exit(0));
