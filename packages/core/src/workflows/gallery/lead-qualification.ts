import type { GalleryEntry } from './gallery-entry.ts';

/** Scores each lead of a list by the same criteria and puts them in order. */
export const leadQualification: GalleryEntry = {
  category: 'customers',
  sample: {
    criteria: 'Company with 50 to 500 people in manufacturing, wants to start within six months, has a budget.',
    leads: [
      { name: 'Ines', notes: 'Head of operations, 120 people, metal parts, wants a pilot in May.' },
      { name: 'Tom', notes: 'Student, writes a thesis about the market.' },
    ],
    threshold: 60,
  },
  definition: {
    format: 1,
    name: 'lead-qualification',
    title: 'Lead qualification',
    description:
      'Scores every lead against your criteria, keeps those above a threshold and writes a first message to each.',
    inputs: {
      criteria: { type: 'string', title: 'What a good lead is' },
      leads: { type: 'list', items: 'object', title: 'Leads' },
      threshold: { type: 'number', title: 'Least score', default: 60 },
    },
    steps: [
      {
        id: 'score',
        type: 'map',
        title: 'Score each lead',
        over: 'inputs.leads',
        concurrency: 4,
        maxItems: 500,
        maxFailedShare: 0.1,
        do: {
          type: 'prompt',
          role: 'reviewer',
          output: {
            format: 'json',
            name: 'score',
            schema: {
              type: 'object',
              properties: {
                score: { type: 'integer', minimum: 0, maximum: 100 },
                reason: { type: 'string' },
              },
              required: ['score', 'reason'],
              additionalProperties: false,
            },
          },
          prompt: `Criteria: {{ inputs.criteria }}

Lead:
{{ item | json: 2 }}

Answer as JSON with "score" (0 to 100) and "reason" (one sentence).`,
        },
      },
      {
        id: 'qualified',
        type: 'transform',
        title: 'Keep the good ones',
        value:
          'range(size(inputs.leads)).filter(i, steps.score.output[i] != null && steps.score.output[i].score >= inputs.threshold).map(i, {"lead": inputs.leads[i], "score": steps.score.output[i].score, "reason": steps.score.output[i].reason})',
      },
      {
        id: 'messages',
        type: 'map',
        title: 'Write to each',
        over: 'steps.qualified.output',
        do: {
          type: 'prompt',
          role: 'coder',
          prompt: `Write a first message of at most 80 words to this lead. Why it fits: {{ item.reason }}

{{ item.lead | json: 2 }}`,
        },
      },
    ],
    outputs: { messages: 'steps.messages.output', qualified: 'steps.qualified.output' },
  },
};
