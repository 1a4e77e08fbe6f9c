import type { GalleryEntry } from './gallery-entry.ts';

/** Extracts an invoice to JSON of a fixed form and checks what a schema cannot: that the sums are right. */
export const extractToJson: GalleryEntry = {
  category: 'data',
  sample: {
    document: 'Invoice 2041 of 3 May 2026. 2 chairs at 40.00, 1 table at 120.00. Total 200.00 EUR.',
  },
  definition: {
    format: 1,
    name: 'extract-to-json',
    title: 'Extract to JSON',
    description: 'Reads an invoice into JSON of a fixed form, mends answers that break it, and checks the sums.',
    inputs: { document: { type: 'file', title: 'Invoice as text' } },
    steps: [
      {
        id: 'extract',
        type: 'prompt',
        title: 'Extract',
        role: 'coder',
        output: {
          format: 'json',
          name: 'invoice',
          repairs: 2,
          schema: {
            type: 'object',
            properties: {
              number: { type: 'string' },
              date: { type: 'string', description: 'As 2026-05-03.' },
              currency: { type: 'string', minLength: 3, maxLength: 3 },
              lines: {
                type: 'array',
                items: {
                  type: 'object',
                  properties: {
                    description: { type: 'string' },
                    quantity: { type: 'number' },
                    amount: { type: 'number', description: 'Of the whole line.' },
                  },
                  required: ['description', 'quantity', 'amount'],
                  additionalProperties: false,
                },
              },
              total: { type: 'number' },
            },
            required: ['number', 'date', 'currency', 'lines', 'total'],
            additionalProperties: false,
          },
        },
        system: 'You copy what stands in a document into JSON. You invent nothing.',
        prompt: `Extract the invoice as JSON:

{{ inputs.document | truncate_tokens: 60000 }}`,
      },
      {
        id: 'total',
        type: 'transform',
        title: 'Add up the lines',
        template:
          '{% assign sum = steps.extract.output.lines | map: "amount" | sum %}{{ sum | minus: steps.extract.output.total | abs | round: 2 }}',
      },
      {
        id: 'check',
        type: 'transform',
        title: 'Compare with the total',
        value: '{"isConsistent": double(steps.total.output) < 0.01, "difference": double(steps.total.output)}',
      },
    ],
    outputs: { check: 'steps.check.output', invoice: 'steps.extract.output' },
  },
};
