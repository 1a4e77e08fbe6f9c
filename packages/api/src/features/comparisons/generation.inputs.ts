import { builder } from '../../graphql/builder.ts';
import { ReasoningEffortEnum } from '../../graphql/enums.ts';

export const ImageInput = builder.inputType('ImageInput', {
  description: 'An image that is sent along.',
  fields: (t) => ({
    mediaType: t.string({ required: true, description: 'image/png, image/jpeg, image/gif or image/webp.' }),
    dataBase64: t.string({ required: true, description: 'The bytes in base64, 5 MB at the most.' }),
  }),
});

export const GenerationParametersInput = builder.inputType('GenerationParametersInput', {
  description: "How the models should write. Absent: the provider's default.",
  fields: (t) => ({
    maxOutputTokens: t.int({ description: 'The most tokens a model may write, 1 to 200,000.' }),
    temperature: t.float({ description: '0 to 2.' }),
    topP: t.float({ description: '0 to 1.' }),
    stopSequences: t.stringList({ description: 'Where to stop: four texts at the most.' }),
    seed: t.int({ description: 'The same seed and prompt give similar answers where the provider supports it.' }),
    reasoningEffort: t.field({ type: ReasoningEffortEnum, description: 'How much a reasoning model should think.' }),
  }),
});

export const idempotencyKeyDescription =
  'The same key with the same input within 24 hours gives the first result again instead of doing it twice.';
