import { builder } from '../../graphql/builder.ts';
import { decodeId } from '../../graphql/global-id.ts';

const TriedAnswerInput = builder.inputType('TriedAnswerInput', {
  description: 'An answer to try a scorer on.',
  fields: (t) => ({
    text: t.string({ required: true, description: 'What it says.' }),
    latencyMs: t.int({ description: 'How long it took, for checks of the latency.' }),
    timeToFirstTokenMs: t.int({ description: 'Until it began, for checks of the latency.' }),
  }),
});

export const TryScorerInput = builder.inputType('TryScorerInput', {
  description: 'A scorer and answers to try it on; exactly one of `scorerId` and `content`.',
  fields: (t) => ({
    scorerId: t.id({ description: 'A saved scorer; its newest version is tried.' }),
    content: t.field({
      type: 'JSON',
      description: 'A scorer that is not saved yet: `{ check: … }` or `{ judge: … }`.',
    }),
    prompt: t.string({ description: 'What was asked; needed by judges.' }),
    expected: t.string({ description: 'What would be right.' }),
    answers: t.field({
      type: [TriedAnswerInput],
      required: true,
      description: 'Up to 10 for a check, 4 for a judge with a rubric, exactly 2 for a pairwise judge.',
    }),
    acceptedUsd: t.field({
      type: 'Decimal',
      description: 'For a judge: as much as `maxUsd` of `scorerEstimate` at least. Nothing is called without it.',
    }),
    idempotencyKey: t.string({ description: 'Pays a judge once, however often it is sent within 24 hours.' }),
  }),
});

/** With the id as tables know it; one that is none finds nothing. */
export function toTrial(input: typeof TryScorerInput.$inferInput) {
  const { scorerId, ...rest } = input;
  return { ...rest, ...(scorerId != null && { scorerId: decodeId(scorerId, 'SavedScorer') ?? '?' }) };
}
