import type { GalleryEntry } from './gallery-entry.ts';

/** Clarify, plan, generate, review; what the review finds wrong is mended once. */
export const codeWithReview: GalleryEntry = {
  category: 'coding',
  sample: {
    task: 'Write a function that reads a CSV line with quoted fields and returns the fields as a list.',
    language: 'TypeScript',
    constraints: ['No dependencies', 'Handles doubled quotes inside quoted fields'],
  },
  definition: {
    format: 1,
    name: 'code-with-review',
    title: 'Code with review',
    description:
      'Clarifies a task, plans the work, writes the code and has it reviewed; a rejected draft is mended once.',
    inputs: {
      constraints: { type: 'list', items: 'string', title: 'Constraints', default: [] },
      language: { type: 'string', title: 'Programming language', default: 'TypeScript' },
      task: { type: 'string', title: 'What to build' },
    },
    steps: [
      {
        id: 'clarify',
        type: 'prompt',
        title: 'Clarify',
        role: 'clarifier',
        output: {
          format: 'json',
          name: 'clarification',
          schema: {
            type: 'object',
            properties: {
              requirements: { type: 'array', items: { type: 'string' } },
              assumptions: { type: 'array', items: { type: 'string' } },
            },
            required: ['requirements', 'assumptions'],
            additionalProperties: false,
          },
        },
        system:
          'You find what is missing or ambiguous in a task. Where nobody can be asked, you choose a sensible assumption.',
        prompt: `Task ({{ inputs.language }}):
{{ inputs.task }}
{% if inputs.constraints.size > 0 %}
Constraints:
{{ inputs.constraints | bullets }}
{% endif %}
Answer as JSON with "requirements" (what must hold, one sentence each) and "assumptions" (what you had to assume).`,
      },
      {
        id: 'plan',
        type: 'prompt',
        title: 'Plan',
        role: 'planner',
        system: 'You plan work before anything is written. Be brief and concrete.',
        prompt: `Plan the implementation in {{ inputs.language }} of:
{{ inputs.task }}

Requirements:
{{ steps.clarify.output.requirements | bullets }}

Assumptions:
{{ steps.clarify.output.assumptions | bullets }}

Give numbered steps, the functions with their signatures, and the edge cases to test.`,
      },
      {
        id: 'generate',
        type: 'prompt',
        title: 'Generate',
        role: 'coder',
        system: 'You write complete, working code. Answer with the code only.',
        prompt: `Write the code in {{ inputs.language }}.

Task: {{ inputs.task }}

Plan:
{{ steps.plan.output }}`,
      },
      {
        id: 'review',
        type: 'prompt',
        title: 'Review',
        role: 'reviewer',
        output: {
          format: 'json',
          name: 'review',
          schema: {
            type: 'object',
            properties: {
              verdict: { type: 'string', enum: ['accept', 'revise'] },
              findings: { type: 'array', items: { type: 'string' } },
            },
            required: ['verdict', 'findings'],
            additionalProperties: false,
          },
        },
        system:
          'You review code. You name real faults only: wrong results, missed requirements, unsafe handling of input.',
        prompt: `Requirements:
{{ steps.clarify.output.requirements | bullets }}

Code:
{{ steps.generate.output | fence }}

Answer as JSON with "verdict" (accept or revise) and "findings".`,
      },
      {
        id: 'decide',
        type: 'branch',
        title: 'Good enough?',
        cases: [{ when: 'steps.review.output.verdict == "revise"', goTo: ['revise'] }],
        default: [],
      },
      {
        id: 'revise',
        type: 'prompt',
        title: 'Revise',
        role: 'coder',
        system: 'You write complete, working code. Answer with the code only.',
        prompt: `Mend this code:
{{ steps.generate.output | fence }}

Findings of the review:
{{ steps.review.output.findings | numbered }}`,
      },
      {
        id: 'final',
        type: 'merge',
        mode: 'best',
        title: 'Final code',
        join: 'any',
        from: ['revise', 'generate'],
        by: 'first',
      },
    ],
    outputs: {
      assumptions: 'steps.clarify.output.assumptions',
      code: 'steps.final.output',
      findings: 'steps.review.output.findings',
    },
  },
};
