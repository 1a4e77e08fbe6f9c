import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyTooLarge, readBody } from '../read-body.ts';
import { maxBodyBytes } from '../serve-graph.ts';
import { type OpenAiFailure, respondFailure } from './openai-failure.ts';

/** The parsed JSON of a request; undefined when it was answered with what is wrong with it, or the client has gone. */
export async function readChatBody(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<{ readonly body: unknown } | undefined> {
  const refuse = (status: number, message: string, headers?: OpenAiFailure['headers']): undefined => {
    respondFailure(response, { status, type: 'invalid_request_error', code: null, message, headers });
  };
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    return refuse(415, 'Send the request as application/json.');
  }
  let bytes: Buffer;
  try {
    bytes = await readBody(request, maxBodyBytes);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) return undefined;
    return refuse(413, `A request may have ${maxBodyBytes >> 20} MB at the most.`, { connection: 'close' });
  }
  try {
    return { body: JSON.parse(bytes.toString('utf8')) as unknown };
  } catch {
    return refuse(400, 'The body is not JSON.');
  }
}
