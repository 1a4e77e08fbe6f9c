'use client';

import { Modal } from '@mantine/core';
import classes from './add-step-dialog.module.css';
import { stepAt, stepName, stepTypes } from './definition.ts';
import { useEditorParts } from './editor-context.ts';
import { StepTypeIcon } from './step-type-icon.tsx';
import { stepTypeWords } from './step-words.ts';

/** The six types of steps, each with what it does. */
export function AddStepDialog() {
  const { actions, editor } = useEditorParts();
  const { adding } = actions;
  if (!adding) return null;
  const nameOf = (id: string) => stepName(stepAt(editor.definition, id) ?? { id });
  const { link, afterId } = adding;
  const title = link
    ? `Add a step between ${nameOf(link.from)} and ${nameOf(link.to)}`
    : afterId === undefined
      ? 'Add a step'
      : `Add a step after ${nameOf(afterId)}`;
  const close = () => actions.askToAdd(undefined);
  return (
    <Modal opened onClose={close} title={title} size={520} closeButtonProps={{ 'aria-label': 'Close' }}>
      <ul className={classes.types}>
        {stepTypes.map((type) => (
          <li key={type}>
            <button
              type="button"
              className={classes.type}
              data-autofocus={type === 'prompt' || undefined}
              onClick={() => {
                close();
                actions.add(type, adding);
              }}
            >
              <span className={classes.icon} data-type={type}>
                <StepTypeIcon type={type} size={18} />
              </span>
              <span>
                <strong>{stepTypeWords[type].label}</strong>
                <span className={classes.hint}>{stepTypeWords[type].hint}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
