'use client';

import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo, useRef } from 'react';
import { type Step, stepAt, stepName } from './definition.ts';
import { useEditorParts } from './editor-context.ts';
import classes from './outline.module.css';
import { ProblemCount } from './problem-count.tsx';
import { stepOfProblem } from './problem-place.ts';
import { RunMark } from './run-mark.tsx';
import { depthsOf } from './sketch-layout.ts';
import type { StepMarks } from './step-marks.ts';
import { StepMenu } from './step-menu.tsx';
import { answererWords } from './step-summary.ts';
import { StepTypeIcon } from './step-type-icon.tsx';
import { stepTypeWords } from './step-words.ts';
import { type Link, linksOf } from './workflow-links.ts';

interface Props {
  marks: StepMarks;
  /** Goes on to the fields of the step. */
  onOpen(id: string): void;
}

/** The workflow as a list: everything that the canvas can do, by keyboard and for screen readers. */
export function Outline({ marks, onOpen }: Props) {
  const { editor, actions } = useEditorParts();
  const { definition, isReadOnly } = editor;
  const links = useMemo(() => linksOf(definition), [definition]);
  const depths = useMemo(() => depthsOf(definition), [definition]);
  const list = useRef<HTMLOListElement>(null);

  const onKeyDown = (event: KeyboardEvent, step: Step) => {
    const { key, altKey } = event;
    if (key !== 'ArrowDown' && key !== 'ArrowUp') return;
    event.preventDefault();
    const by = key === 'ArrowDown' ? 1 : -1;
    if (altKey) {
      if (!isReadOnly) actions.move(step.id, by);
      // The row moves with its step; the focus stays on it.
      return;
    }
    const next = definition.steps[definition.steps.indexOf(step) + by];
    if (!next) return;
    actions.select([next.id]);
    list.current?.querySelector<HTMLElement>(`[data-step="${next.id}"]`)?.focus();
  };

  return (
    <div className={classes.outline}>
      {definition.steps.length === 0 ? null : (
        <ol className={classes.list} ref={list} aria-label="Steps">
          {definition.steps.map((step) => (
            <OutlineRow
              key={step.id}
              step={step}
              depth={Math.min(5, depths.get(step.id) ?? 0)}
              links={links}
              marks={marks}
              onKeyDown={(event) => onKeyDown(event, step)}
              onOpen={() => onOpen(step.id)}
            />
          ))}
        </ol>
      )}
      {isReadOnly ? null : (
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          onClick={() => actions.askToAdd({ afterId: definition.steps.at(-1)?.id })}
        >
          {definition.steps.length === 0 ? 'Add the first step' : 'Add a step at the end'}
        </Button>
      )}
    </div>
  );
}

interface RowProps {
  step: Step;
  depth: number;
  links: readonly Link[];
  marks: StepMarks;
  onKeyDown(event: KeyboardEvent): void;
  onOpen(): void;
}

function OutlineRow({ step, depth, links, marks, onKeyDown, onOpen }: RowProps) {
  const { editor, actions, problems, roles } = useEditorParts();
  const { definition } = editor;
  const nameOf = (id: string) => stepName(stepAt(definition, id) ?? { id });
  const sources = links.filter(({ to }) => to === step.id);
  const own = problems.all.filter((problem) => stepOfProblem(definition, problem) === step);
  const isSelected = actions.selectedIds.includes(step.id);
  const name = stepName(step);
  const mark = marks.get(step.id);
  return (
    <li className={classes.row} data-selected={isSelected || undefined} style={{ '--depth': depth } as never}>
      <button
        type="button"
        className={classes.step}
        data-step={step.id}
        aria-current={isSelected ? 'step' : undefined}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Delete Control+D Control+C"
        onFocus={() => isSelected || actions.select([step.id])}
        onClick={onOpen}
        onKeyDown={onKeyDown}
      >
        <span className={classes.icon} data-type={step.type}>
          <StepTypeIcon type={step.type} size={17} />
        </span>
        <span className={classes.words}>
          <span className={classes.name}>
            {name}
            {mark?.run ? <RunMark state={mark.run} /> : null}
            <ProblemCount problems={own} />
          </span>
          <span className={classes.facts}>
            {stepTypeWords[step.type].label}
            {answererWords(step, roles) ? ` · ${answererWords(step, roles)}` : ''}
            {mark?.isPinned ? ' · output pinned' : ''}
            {mark?.heat ? ` · ${mark.heat.words}` : ''}
          </span>
          {sources.length > 0 ? (
            <span className={classes.sources}>
              {sources.map(({ from, label, kind }) => (
                <span key={`${from} ${label}`}>
                  {kind === 'case'
                    ? `${nameOf(from)}: ${label === 'otherwise' ? label : `when ${label}`}`
                    : `${nameOf(from)}: ${label}`}
                </span>
              ))}
            </span>
          ) : null}
        </span>
      </button>
      <StepMenu step={step} links={links} className={classes.more} />
    </li>
  );
}
