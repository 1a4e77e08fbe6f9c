import type { WireProtocol } from '../provider-profile.ts';

// biome-ignore lint/suspicious/noExplicitAny: looks into JSON of strangers, guarded by `?.` alone
type Loose = any;

/** What a stream really says, found without any of the code under test. */
export interface SoundEvents {
  /** Every piece of text or reasoning that a sound event holds, in order. */
  readonly pieces: readonly string[];
  /** A sound event names a finish reason. */
  readonly isFinished: boolean;
}

/**
 * Reads server-sent events line by line and keeps those whose data is a JSON object. Written apart from the framer and
 * the decoders, so that they can be judged by it; it allows more than they do (any choice, any block), never less.
 */
export function readSoundEvents(protocol: WireProtocol, body: Uint8Array): SoundEvents {
  const pieces: string[] = [];
  let isFinished = false;
  for (const event of parseEvents(new TextDecoder().decode(body))) {
    const found =
      protocol === 'openai-chat' ? openAi(event) : protocol === 'google-generate' ? gemini(event) : claude(event);
    pieces.push(...found.pieces.filter((piece): piece is string => typeof piece === 'string' && piece !== ''));
    isFinished ||= found.finish.some((reason: unknown) => typeof reason === 'string' && reason !== '');
  }
  return { pieces, isFinished };
}

function parseEvents(text: string): Loose[] {
  const events: Loose[] = [];
  let data: string[] = [];
  // The end of the text ends the last event: some servers leave its blank line out.
  for (const line of [...text.split(/\r\n|\n|\r/), '']) {
    if (line === '') {
      try {
        const event: unknown = JSON.parse(data.join('\n'));
        if (typeof event === 'object' && event !== null) events.push(event);
      } catch {}
      data = [];
    } else if (line === 'data' || line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
  }
  return events;
}

interface Found {
  readonly pieces: readonly unknown[];
  readonly finish: readonly unknown[];
}

const list = (value: unknown): Loose[] => (Array.isArray(value) ? value : []);

function openAi(event: Loose): Found {
  const choices = list(event.choices);
  const messages = choices.flatMap((choice) => [choice?.delta, choice?.message]);
  return {
    pieces: messages.flatMap((message) => [
      message?.reasoning_content,
      message?.reasoning,
      ...(typeof message?.content === 'string' ? [message.content] : list(message?.content).flatMap(piecesOfList)),
      message?.refusal,
    ]),
    finish: choices.map((choice) => choice?.finish_reason),
  };
}

function piecesOfList(piece: Loose): unknown[] {
  const { thinking } = piece ?? {};
  return [piece?.text, Array.isArray(thinking) ? thinking.map((entry) => entry?.text ?? '').join('') : thinking];
}

function claude(event: Loose): Found {
  const blocks = event.type === 'message' ? list(event.content) : [event.content_block];
  return {
    pieces: [...blocks.flatMap((block) => [block?.text, block?.thinking]), event.delta?.text, event.delta?.thinking],
    finish: [event.delta?.stop_reason, event.stop_reason],
  };
}

function gemini(event: Loose): Found {
  const candidates = list(event.candidates);
  return {
    pieces: candidates.flatMap((candidate) => list(candidate?.content?.parts).map((part) => part?.text)),
    finish: candidates.map((candidate) => candidate?.finishReason),
  };
}
