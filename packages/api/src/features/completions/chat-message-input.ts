import { z } from 'zod';
import { imageInput } from '../comparisons/generation-input.ts';

const textPart = z.object({ type: z.literal('text'), text: z.string() });

/** An image as OpenAI's clients send it, decoded to an `ImagePart`: `data:image/png;base64,…` or an address. */
const imagePart = z
  .object({ type: z.literal('image_url'), image_url: z.object({ url: z.string() }) })
  .transform(({ image_url: { url } }, context) => {
    // Split by hand: a pattern over millions of characters is slow.
    if (/^data:/i.test(url)) {
      const comma = url.indexOf(',');
      const header = /^data:([\w.+-]+\/[\w.+-]+);base64$/i.exec(url.slice(0, Math.max(comma, 0)));
      const image = imageInput.safeParse({ mediaType: header?.[1]?.toLowerCase(), dataBase64: url.slice(comma + 1) });
      if (header && image.success) return image.data;
      const message = header ? image.error?.issues[0]?.message : 'Write a data URL as data:image/png;base64,…';
      context.addIssue({ code: 'custom', path: ['image_url', 'url'], message: message ?? 'The image is not valid.' });
      return z.NEVER;
    }
    if (/^https?:\/\//i.test(url) && URL.canParse(url)) return { type: 'image-url' as const, url };
    const message = 'An image is a data URL (data:image/png;base64,…) or an http(s) address.';
    context.addIssue({ code: 'custom', path: ['image_url', 'url'], message });
    return z.NEVER;
  });

const refusalPart = z
  .object({ type: z.literal('refusal'), refusal: z.string() })
  .transform(({ refusal }) => ({ type: 'text' as const, text: refusal }));

const unionError = (known: string) => ({ error: `A part of this message must be of type ${known}.` });
const textContent = z.union([z.string(), z.array(textPart)]);

const systemMessage = z.object({ role: z.enum(['system', 'developer']), content: textContent });

const userMessage = z.object({
  role: z.literal('user'),
  content: z.union([
    z.string(),
    z.array(z.discriminatedUnion('type', [textPart, imagePart], unionError('text or image_url'))).min(1),
  ]),
});

const toolCall = z.object({
  id: z.string().min(1),
  type: z.literal('function').default('function'),
  function: z.object({ name: z.string().min(1), arguments: z.string() }),
  /** Google's own convention for what Gemini wants back with a call; ours leave it in their answers. */
  extra_content: z
    .object({ google: z.object({ thought_signature: z.string() }).optional().catch(undefined) })
    .nullish(),
});

const assistantMessage = z.object({
  role: z.literal('assistant'),
  content: z
    .union([z.string(), z.array(z.discriminatedUnion('type', [textPart, refusalPart], unionError('text')))])
    .nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(toolCall).nullish(),
  function_call: z.null({ error: 'function_call is no longer supported: send tool_calls.' }).optional(),
});

const toolMessage = z.object({ role: z.literal('tool'), tool_call_id: z.string().min(1), content: textContent });

/** One message of `POST /v1/chat/completions`; images are checked and decoded. */
export const chatMessageInput = z.discriminatedUnion(
  'role',
  [systemMessage, userMessage, assistantMessage, toolMessage],
  { error: 'role must be one of system, developer, user, assistant, tool.' },
);

export type ChatMessageInput = z.output<typeof chatMessageInput>;
