import type { GalleryEntry } from './gallery-entry.ts';

/** A summary, a critique of it against the source, and a summary that takes the critique in. */
export const summarizeAndCritique: GalleryEntry = {
  category: 'writing',
  sample: {
    document:
      'The council voted on Tuesday to close the old bridge from March. Buses will use the ring road. Repairs cost 4.2 million and take two years; a footpath stays open.',
    audience: 'residents',
    words: 60,
  },
  definition: {
    format: 1,
    name: 'summarize-and-critique',
    title: 'Summarise and critique',
    description:
      'Summarises a document, checks the summary against the document, and writes it anew with what was found.',
    inputs: {
      audience: { type: 'string', title: 'For whom', default: 'a general reader' },
      document: { type: 'file', title: 'Document' },
      words: { type: 'number', title: 'Length in words', default: 150 },
    },
    steps: [
      {
        id: 'summarize',
        type: 'prompt',
        title: 'Summarise',
        role: 'coder',
        prompt: `Summarise for {{ inputs.audience }} in about {{ inputs.words }} words:

{{ inputs.document | truncate_tokens: 60000 }}`,
      },
      {
        id: 'critique',
        type: 'prompt',
        title: 'Critique',
        role: 'reviewer',
        system: 'You compare a summary with its source. You name what is wrong, missing or not in the source.',
        prompt: `Source:
{{ inputs.document | truncate_tokens: 60000 }}

Summary:
{{ steps.summarize.output }}

List the faults, the gravest first. Write "none" when there are none.`,
      },
      {
        id: 'rewrite',
        type: 'prompt',
        title: 'Rewrite',
        role: 'coder',
        prompt: `Rewrite this summary for {{ inputs.audience }} in about {{ inputs.words }} words, so that the faults are gone.

Summary:
{{ steps.summarize.output }}

Faults:
{{ steps.critique.output }}`,
      },
    ],
    outputs: { critique: 'steps.critique.output', summary: 'steps.rewrite.output' },
  },
};
