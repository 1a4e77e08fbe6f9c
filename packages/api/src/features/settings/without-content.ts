import type { ComparisonEvent, TimelineEntry } from '@switchyard/core/events';
import type { RunFact } from '@switchyard/core/workflows';

/** What stands where a text was that the team does not keep. */
export const notKept = 'Not kept, by the settings of the team.';

const textFacts: ReadonlySet<string> = new Set(['output-delta', 'reasoning-delta']);

/** A step of a timeline without the vendor's words, which may quote the prompt. */
export function withoutMessage(entry: TimelineEntry): TimelineEntry {
  return 'message' in entry && entry.message !== undefined ? { ...entry, message: notKept } : entry;
}

/** An event of a comparison without what was asked and answered: places, figures and outcomes stay. */
export function withoutAnswer(event: ComparisonEvent): ComparisonEvent {
  switch (event.type) {
    case 'output-delta':
    case 'reasoning-delta':
      return { ...event, text: '', offset: 0 };
    case 'tool-call':
      return { ...event, input: '' };
    case 'lane-progressed':
      return { ...event, entry: withoutMessage(event.entry) };
    case 'lane-failed':
      return { ...event, failure: { ...event.failure, message: notKept } };
    default:
      return event;
  }
}

/** A fact of a run without inputs, prompts and answers. What the run's state is folded from keeps its shape. */
export function withoutValues(fact: RunFact): RunFact {
  if (textFacts.has(fact.type)) return { ...fact, text: '', offset: 0 } as RunFact;
  switch (fact.type) {
    case 'run-started': {
      const given = Object.entries(fact.given ?? {}).map(([step, { fromRunId }]) => {
        return [step, { output: '', ...(fromRunId !== undefined && { fromRunId }) }] as const;
      });
      return { ...fact, inputs: {}, ...(fact.given && { given: Object.fromEntries(given) }) };
    }
    case 'items-listed':
      return { ...fact, items: fact.items.map(() => '') };
    case 'output-completed': {
      const { outputProblem: _problem, ...answer } = fact.answer;
      return { ...fact, answer: { ...answer, text: '', value: '' } };
    }
    case 'item-completed':
      return { ...fact, output: '' };
    case 'step-completed': {
      const { modelOutputs: _outputs, failures, ...rest } = fact;
      return {
        ...rest,
        output: '',
        ...(failures && { failures: failures.map((each) => ({ ...each, message: notKept })) }),
      };
    }
    case 'approval-requested': {
      const { subject: _subject, ...rest } = fact;
      return { ...rest, message: notKept };
    }
    case 'approval-decided': {
      const { value: _value, comment: _comment, ...rest } = fact;
      return rest;
    }
    case 'run-finished':
      return {
        ...fact,
        ...(fact.outputs && { outputs: {} }),
        ...(fact.error && { error: { ...fact.error, message: notKept } }),
      };
    case 'call-failed':
    case 'item-failed':
    case 'step-failed':
    case 'run-failing':
      return { ...fact, error: { ...fact.error, message: notKept } };
    case 'tool-call-requested':
      return { ...fact, input: '' };
    case 'attempt-failed':
      return { ...fact, message: notKept, ...(fact.entry && { entry: withoutMessage(fact.entry) }) };
    case 'call-progressed':
      return { ...fact, entry: withoutMessage(fact.entry) };
    case 'failover-happened':
    case 'guardrail-breached':
    case 'attempt-started':
      return fact.entry ? { ...fact, entry: withoutMessage(fact.entry) } : fact;
    default:
      return fact;
  }
}
