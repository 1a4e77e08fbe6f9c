import type { GalleryEntry } from './gallery-entry.ts';

/** Sorts an inquiry, drafts the answer, and lets a person look at complaints before they are answered. */
export const customerInquiry: GalleryEntry = {
  category: 'customers',
  sample: {
    message: 'I was charged twice for my order 1182 and nobody answers the phone. Please fix this today.',
    facts: ['Refunds take 3 to 5 working days.', 'Double charges are released by themselves within 48 hours.'],
  },
  definition: {
    format: 1,
    name: 'customer-inquiry',
    title: 'Customer inquiry',
    description:
      'Classifies a message, drafts an answer from known facts, and asks a person before a complaint is answered.',
    inputs: {
      facts: { type: 'list', items: 'string', title: 'What may be said', default: [] },
      message: { type: 'string', title: 'Message of the customer' },
    },
    steps: [
      {
        id: 'classify',
        type: 'prompt',
        title: 'Classify',
        role: 'clarifier',
        output: {
          format: 'json',
          name: 'inquiry',
          schema: {
            type: 'object',
            properties: {
              kind: { type: 'string', enum: ['question', 'order', 'complaint', 'other'] },
              urgency: { type: 'string', enum: ['low', 'normal', 'high'] },
              summary: { type: 'string' },
            },
            required: ['kind', 'urgency', 'summary'],
            additionalProperties: false,
          },
        },
        prompt: `Classify this message of a customer:
{{ inputs.message }}

Answer as JSON with "kind" (question, order, complaint, other), "urgency" (low, normal, high) and "summary" (one sentence).`,
      },
      {
        id: 'draft',
        type: 'prompt',
        title: 'Draft the answer',
        role: 'coder',
        system: 'You write friendly, short answers to customers. You promise nothing that the facts do not say.',
        prompt: `Message ({{ steps.classify.output.kind }}, urgency {{ steps.classify.output.urgency }}):
{{ inputs.message }}

Facts:
{{ inputs.facts | bullets }}

Write the answer.`,
      },
      {
        id: 'route',
        type: 'branch',
        title: 'Complaint?',
        after: ['draft'],
        cases: [{ when: 'steps.classify.output.kind == "complaint"', goTo: ['approve'] }],
        default: ['release'],
      },
      {
        id: 'approve',
        type: 'approval',
        title: 'Check the answer',
        message: 'A complaint ({{ steps.classify.output.summary }}): may this answer be sent?',
        subject: 'steps.draft.output',
        canEdit: true,
        deadlineMs: 259_200_000,
        onTimeout: 'reject',
      },
      { id: 'release', type: 'transform', title: 'Release', value: 'steps.draft.output' },
      { id: 'checked', type: 'transform', title: 'Checked answer', value: 'steps.approve.output.value' },
    ],
    outputs: {
      answer: 'steps.release.status == "completed" ? steps.release.output : steps.checked.output',
      kind: 'steps.classify.output.kind',
      urgency: 'steps.classify.output.urgency',
    },
  },
};
