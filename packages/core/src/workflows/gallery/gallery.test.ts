import { describe, expect, test } from 'vitest';
import { writeWorkflowYaml } from '../definition/write-definition.ts';
import { TestRun } from '../testing/run-workflow.ts';
import { promptOf } from '../testing/scripted-caller.ts';
import { simulatedEnvironment } from '../testing/simulated-environment.ts';
import { validateWorkflow, validateWorkflowText } from '../validation/validate-workflow.ts';
import { gallery } from './gallery.ts';

/** Answers that fit the schemas of the gallery's steps. */
const answers: Readonly<Record<string, unknown>> = {
  clarification: { requirements: ['Reads quoted fields'], assumptions: ['Comma separated'] },
  review: { verdict: 'revise', findings: ['No tests'] },
  inquiry: { kind: 'complaint', urgency: 'high', summary: 'Charged twice' },
  score: { score: 80, reason: 'Fits' },
  comparison: { isFaithful: false, differences: ['seal'] },
  invoice: {
    number: '2041',
    date: '2026-05-03',
    currency: 'EUR',
    lines: [
      { description: 'chairs', quantity: 2, amount: 80 },
      { description: 'table', quantity: 1, amount: 120 },
    ],
    total: 200,
  },
};

describe.each(gallery.map((entry) => [entry.definition.name, entry] as const))('%s', (_name, entry) => {
  test('has nothing wrong with it', () => {
    const { problems, definition } = validateWorkflow(entry.definition, simulatedEnvironment);
    expect(problems).toEqual([]);
    expect(definition).toEqual(entry.definition);
  });

  test('is the same after it was exported and imported', () => {
    const text = writeWorkflowYaml(entry.definition);
    const { definition, problems } = validateWorkflowText(text, simulatedEnvironment);
    expect(problems).toEqual([]);
    expect(definition && writeWorkflowYaml(definition)).toBe(text);
  });

  test('runs with its sample to the end, or to where a person is asked', async () => {
    const run = new TestRun(entry.definition, (prepared) => {
      const { format } = prepared;
      return format.type === 'json' ? JSON.stringify(answers[format.name ?? '']) : `Answer to: ${promptOf(prepared)}`;
    });
    let state = await run.start(entry.sample);
    const asked = run.store.eventsOf(run.runId).find((event) => event.type === 'approval-requested');
    if (asked?.type === 'approval-requested') {
      const { stepId, approvalId } = asked;
      await run.tell({ type: 'approval-decided', stepId, approvalId, isApproved: true, value: 'Edited' });
      state = await run.resume();
    }
    expect(state.error).toBeUndefined();
    expect(state.outcome).toBe('completed');
    expect(Object.keys(state.outputs ?? {})).toEqual(Object.keys(entry.definition.outputs ?? {}));
    if (entry.definition.name === 'customer-inquiry') expect(state.outputs?.answer).toBe('Edited');
    if (entry.definition.name === 'extract-to-json') {
      expect(state.outputs?.check).toEqual({ isConsistent: true, difference: 0 });
    }
    if (entry.definition.name === 'lead-qualification') {
      expect(state.outputs?.qualified).toHaveLength(2);
      expect(state.outputs?.messages).toHaveLength(2);
    }
    if (entry.definition.name === 'code-with-review') expect(state.outputs?.code).toContain('Mend this code');
  });
});
