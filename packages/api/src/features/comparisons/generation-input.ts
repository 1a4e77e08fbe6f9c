import { type ImagePart, type ModelCall, type ReasoningEffort, reasoningEfforts } from '@switchyard/core/spec';
import { z } from 'zod';

export const maxPromptCharacters = 200_000;
const maxImageBytes = 5 * 1024 * 1024;
const maxImages = 8;

/** How each picture format begins: a file that says PNG but is none would fail at every vendor, each in its own words. */
const imageSignatures: Readonly<Record<string, readonly RegExp[]>> = {
  'image/png': [/^\x89PNG/],
  'image/jpeg': [/^\xff\xd8\xff/],
  'image/gif': [/^GIF8/],
  'image/webp': [/^RIFF....WEBP/s],
};

/** How a model should write; an absent field means the vendor's default. */
export interface GenerationParameters {
  readonly maxOutputTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly stopSequences?: string[] | undefined;
  readonly seed?: number | undefined;
  readonly reasoningEffort?: ReasoningEffort | undefined;
}

const nullish = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().transform((value) => value ?? undefined);

export const promptInput = z
  .string()
  .max(maxPromptCharacters, `The prompt may have ${maxPromptCharacters.toLocaleString('en')} characters at the most.`)
  .refine((text) => text.trim() !== '', 'Write a prompt.');

export const imageInput = z
  .object({ mediaType: z.string(), dataBase64: z.string() })
  .superRefine(({ mediaType, dataBase64 }, context) => {
    const signatures = imageSignatures[mediaType];
    if (!signatures) {
      const known = Object.keys(imageSignatures).join(', ');
      context.addIssue({ code: 'custom', path: ['mediaType'], message: `"${mediaType}" is not one of ${known}.` });
      return;
    }
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(dataBase64) || dataBase64.length % 4 !== 0) {
      context.addIssue({ code: 'custom', path: ['dataBase64'], message: 'The image is not valid base64.' });
      return;
    }
    if (dataBase64.length > Math.ceil(maxImageBytes / 3) * 4) {
      context.addIssue({
        code: 'custom',
        path: ['dataBase64'],
        message: 'The image is larger than 5 MB. Make it smaller.',
      });
      return;
    }
    const head = Buffer.from(dataBase64.slice(0, 24), 'base64').toString('latin1');
    if (!signatures.some((signature) => signature.test(head))) {
      context.addIssue({
        code: 'custom',
        path: ['dataBase64'],
        message: `The bytes are not an image of type ${mediaType}.`,
      });
    }
  })
  .transform((image): ImagePart => ({ type: 'image', ...image }));

export const imagesInput = nullish(z.array(imageInput).max(maxImages, `At most ${maxImages} images.`)).transform(
  (images) => images ?? [],
);

export const parametersInput = nullish(
  z.object({
    maxOutputTokens: nullish(z.int().min(1).max(200_000)),
    temperature: nullish(z.number().min(0).max(2)),
    topP: nullish(z.number().min(0).max(1)),
    stopSequences: nullish(z.array(z.string().min(1).max(200)).max(4)),
    seed: nullish(z.int()),
    reasoningEffort: nullish(z.enum(reasoningEfforts)),
  }),
).transform((parameters): GenerationParameters => parameters ?? {});

export const systemPromptInput = nullish(z.string().max(maxPromptCharacters));
export const idempotencyKeyInput = nullish(z.string().min(1).max(200));

/** The generation parameters without absent fields, as a call of a model takes them. */
export function toCallSettings(parameters: GenerationParameters): Partial<ModelCall> {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
}

/** The call that asks `prompt`, with pictures before the text as vendors advise. */
export function buildCall(options: {
  readonly vendorModelId: string;
  readonly prompt: string;
  readonly systemPrompt: string | undefined;
  readonly images: readonly ImagePart[];
  readonly parameters: GenerationParameters;
}): ModelCall {
  return {
    ...toCallSettings(options.parameters),
    model: options.vendorModelId,
    ...(options.systemPrompt ? { system: options.systemPrompt } : {}),
    messages: [{ role: 'user', content: [...options.images, { type: 'text', text: options.prompt }] }],
  };
}
