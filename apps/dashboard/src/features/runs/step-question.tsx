import { useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { RunStepPromptDocument } from '../../gql/runs.ts';
import { callOf, isMap, readDraft, stepAt } from '../workflows/definition.ts';
import { fillTemplate } from './fill-template.ts';
import type { RunDetails, StepDetails } from './run-record.ts';
import classes from './step-panel.module.css';

const textFields = [
  ['system', 'System'],
  ['prompt', 'Prompt'],
  ['template', 'Template'],
  ['message', 'Message'],
] as const;
const programFields = [
  ['over', 'Goes over'],
  ['value', 'Value'],
  ['score', 'Score'],
  ['subject', 'About'],
] as const;

/** What a step was asked: as it was sent, or its texts with the values that this run gave them. */
export function StepQuestion({ run, details }: { run: RunDetails; details: StepDetails }) {
  const step = useMemo(
    () => stepAt(readDraft(run.definition, run.workflowName).definition, details.stepId),
    [run.definition, run.workflowName, details.stepId],
  );
  const values = useMemo(
    () => ({
      inputs: isMap(run.inputs) ? (run.inputs as Record<string, unknown>) : {},
      outputs: new Map(
        run.steps.flatMap(({ stepId, state, output }) => (state === 'COMPLETED' ? [[stepId, output]] : [])),
      ),
    }),
    [run.inputs, run.steps],
  );
  const [isOpen, setOpen] = useState(false);
  const call = step && callOf(step)?.call;
  const itemIndex = details.type === 'MAP' ? 0 : null;
  const [{ data }] = useQuery({
    query: RunStepPromptDocument,
    variables: { id: run.id, stepId: details.stepId, itemIndex },
    pause: !isOpen || !call,
  });
  if (!step) return null;
  const source = { ...step, ...call };
  const sent = call ? data?.run?.step?.prompt : undefined;
  const texts = textFields.flatMap(([name, label]) => {
    const text = sent && name === 'prompt' ? sent.text : sent && name === 'system' ? sent.system : source[name];
    if (sent && typeof text === 'string') return [{ label, parts: [{ kind: 'text', text, from: '' } as const] }];
    return typeof text === 'string' ? [{ label, parts: fillTemplate(text, values) }] : [];
  });
  const programs = programFields.flatMap(([name, label]) => {
    const text = step[name];
    return typeof text === 'string' ? [{ label, text }] : [];
  });
  const cases = (step.cases ?? []).map(({ when, goTo }) => ({ label: `When, to ${goTo.join(', ')}`, text: when }));
  if (texts.length + programs.length + cases.length === 0) return null;
  const hasCode = texts.some(({ parts }) => parts.some(({ kind }) => kind === 'code'));
  return (
    <details className={classes.question} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>What it was asked</summary>
      {sent && itemIndex !== null ? <p className={classes.note}>Its first entry, as it was sent.</p> : null}
      {[...programs, ...cases].map(({ label, text }) => (
        <div key={label}>
          <p className={classes.subtitle}>{label}</p>
          <pre className={classes.text}>{text}</pre>
        </div>
      ))}
      {texts.map(({ label, parts }) => (
        <div key={label}>
          <p className={classes.subtitle}>{label}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
          <pre className={classes.text} tabIndex={0}>
            {parts.map(({ kind, text, from }, index) =>
              kind === 'text' ? (
                text
              ) : kind === 'value' ? (
                <mark key={`${index}${kind}`} title={from}>
                  {text}
                </mark>
              ) : (
                <i key={`${index}${kind}`}>{text}</i>
              ),
            )}
          </pre>
        </div>
      ))}
      {hasCode ? (
        <p className={classes.note}>
          Marked parts are values of this run. Loops, filters and conditions stand as written.
        </p>
      ) : null}
    </details>
  );
}
