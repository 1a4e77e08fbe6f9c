/** The baseline: a bare Node server that calls the same SDK with its default fetch, and nothing else. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI from 'openai';

const client = new OpenAI({ apiKey: 'bench', baseURL: process.env.UPSTREAM_URL, maxRetries: 0 });
const isStreaming = process.env.STREAM === '1';

async function ask(prompt: string): Promise<string> {
  const call = { model: 'gpt-5-mini', messages: [{ role: 'user' as const, content: prompt }] };
  if (!isStreaming) return (await client.chat.completions.create(call)).choices[0]?.message.content ?? '';
  let text = '';
  const stream = await client.chat.completions.create({
    ...call,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  return text;
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const { prompt } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const text = await ask(prompt);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ text }));
  });
});
server.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}`));
process.once('SIGTERM', () => process.exit(0));
