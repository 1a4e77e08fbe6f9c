import type { GalleryEntry } from './gallery-entry.ts';

/** Translates, translates back without seeing the source, and compares. */
export const translationCheck: GalleryEntry = {
  category: 'writing',
  sample: { text: 'The warranty ends when the seal is broken.', from: 'English', to: 'German' },
  definition: {
    format: 1,
    name: 'translation-check',
    title: 'Translation check',
    description: 'Translates a text, has another role translate it back, and reports where the meaning has changed.',
    inputs: {
      from: { type: 'string', title: 'From', default: 'English' },
      text: { type: 'file', title: 'Text' },
      to: { type: 'string', title: 'Into' },
    },
    steps: [
      {
        id: 'translate',
        type: 'prompt',
        title: 'Translate',
        role: 'coder',
        prompt: `Translate from {{ inputs.from }} into {{ inputs.to }}. Answer with the translation only.

{{ inputs.text }}`,
      },
      {
        id: 'back',
        type: 'prompt',
        title: 'Translate back',
        role: 'planner',
        prompt: `Translate from {{ inputs.to }} into {{ inputs.from }}. Answer with the translation only.

{{ steps.translate.output }}`,
      },
      {
        id: 'compare',
        type: 'prompt',
        title: 'Compare',
        role: 'reviewer',
        output: {
          format: 'json',
          name: 'comparison',
          schema: {
            type: 'object',
            properties: {
              isFaithful: { type: 'boolean' },
              differences: { type: 'array', items: { type: 'string' } },
            },
            required: ['isFaithful', 'differences'],
            additionalProperties: false,
          },
        },
        prompt: `Original:
{{ inputs.text }}

Translated into {{ inputs.to }} and back:
{{ steps.back.output }}

Where has the meaning changed? Answer as JSON with "isFaithful" and "differences".`,
      },
    ],
    outputs: {
      differences: 'steps.compare.output.differences',
      isFaithful: 'steps.compare.output.isFaithful',
      translation: 'steps.translate.output',
    },
  },
};
