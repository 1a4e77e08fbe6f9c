import { CopyButton } from '../../shell/copy-button.tsx';
import type { StepDetails } from './run-record.ts';
import { valueText } from './run-words.ts';
import classes from './step-panel.module.css';

/** What later steps see of a step: open where no answer shows it already. */
export function StepOutput({ details, hasLanes }: { details: StepDetails; hasLanes: boolean }) {
  const { output, modelOutputs, stepId, state } = details;
  if (state !== 'COMPLETED' || (output === null && modelOutputs.length === 0)) return null;
  const text = valueText(output);
  return (
    <details className={classes.output} open={!hasLanes}>
      <summary>What later steps see</summary>
      <div className={classes.copy}>
        <p className={classes.subtitle}>
          <code>steps.{stepId}.output</code>
        </p>
        <CopyButton value={text} label="Copy the output" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <pre className={classes.text} tabIndex={0}>
        {text}
      </pre>
      {modelOutputs.length > 1
        ? modelOutputs.map((each) => (
            <div key={each.modelId}>
              <p className={classes.subtitle}>
                <code>
                  steps.{stepId}.modelOutputs · {each.modelId}
                </code>
              </p>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
              <pre className={classes.text} tabIndex={0}>
                {valueText(each.output)}
              </pre>
            </div>
          ))
        : null}
    </details>
  );
}
