'use client';

import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type FocusEvent, type KeyboardEvent, type MouseEvent, memo, useMemo, useRef } from 'react';
import { type Definition, type Step, stepAt, stepName } from './definition.ts';
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
import type { WorkflowProblem } from './workflow-problem-list.tsx';

interface Props {
  marks: StepMarks;
  /** Goes on to the fields of the step. */
  onOpen(id: string): void;
}

/** The workflow as a list: everything that the canvas can do, by keyboard and for screen readers. */
export function Outline({ marks, onOpen }: Props) {
  const { editor, actions, problems, roles } = useEditorParts();
  const { definition, isReadOnly } = editor;
  const links = useMemo(() => linksOf(definition), [definition]);
  const depths = useMemo(() => depthsOf(definition), [definition]);
  const sources = useMemo(() => sourcesOf(definition, links), [definition, links]);
  const problemsOf = useMemo(
    () => Map.groupBy(problems.all, (problem) => stepOfProblem(definition, problem)?.id),
    [definition, problems.all],
  );
  const list = useRef<HTMLOListElement>(null);
  const chosen = new Set(actions.selectedIds);
  const stepOf = ({ target }: { target: EventTarget }) => {
    const id = (target as Element).closest<HTMLElement>('[data-step]')?.dataset.step;
    return id === undefined ? undefined : stepAt(definition, id);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const { key, altKey } = event;
    const step = stepOf(event);
    if (!step || (key !== 'ArrowDown' && key !== 'ArrowUp')) return;
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
  const onFocus = (event: FocusEvent) => {
    const step = stepOf(event);
    if (step && !actions.selectedIds.includes(step.id)) actions.select([step.id]);
  };
  const onClick = (event: MouseEvent) => {
    const step = stepOf(event);
    if (step) onOpen(step.id);
  };

  return (
    <div className={classes.outline}>
      {definition.steps.length === 0 ? null : (
        <ol
          className={classes.list}
          ref={list}
          aria-label="Steps"
          onKeyDown={onKeyDown}
          onFocus={onFocus}
          onClick={onClick}
        >
          {definition.steps.map((step) => (
            <OutlineRow
              key={step.id}
              step={step}
              depth={Math.min(5, depths.get(step.id) ?? 0)}
              sources={sources.get(step.id)}
              answerer={answererWords(step, roles)}
              problems={problemsOf.get(step.id)}
              isSelected={chosen.has(step.id)}
              mark={marks.get(step.id)}
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

/** What flows into each step, in words, one to a line. */
function sourcesOf({ steps }: Definition, links: readonly Link[]): ReadonlyMap<string, string> {
  const names = new Map(steps.map((step) => [step.id, stepName(step)]));
  const words = ({ from, label, kind }: Link) =>
    kind === 'case'
      ? `${names.get(from) ?? from}: ${label === 'otherwise' ? label : `when ${label}`}`
      : `${names.get(from) ?? from}: ${label}`;
  const grouped = Map.groupBy(links, ({ to }) => to);
  return new Map([...grouped].map(([id, own]) => [id, [...new Set(own.map(words))].join('\n')]));
}

const noProblems: readonly WorkflowProblem[] = [];

interface RowProps {
  step: Step;
  depth: number;
  sources: string | undefined;
  answerer: string | undefined;
  problems: readonly WorkflowProblem[] | undefined;
  isSelected: boolean;
  mark: ReturnType<StepMarks['get']>;
}

/** Drawn again only when its own step has changed: there may be a thousand. */
const OutlineRow = memo(function OutlineRow(props: RowProps) {
  const { step, depth, sources, answerer, problems = noProblems, isSelected, mark } = props;
  return (
    <li className={classes.row} data-selected={isSelected || undefined} style={{ '--depth': depth } as never}>
      <button
        type="button"
        className={classes.step}
        data-step={step.id}
        aria-current={isSelected ? 'step' : undefined}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Delete Control+D Control+C"
      >
        <span className={classes.icon} data-type={step.type}>
          <StepTypeIcon type={step.type} size={17} />
        </span>
        <span className={classes.words}>
          <span className={classes.name}>
            {stepName(step)}
            {mark?.run ? <RunMark state={mark.run} /> : null}
            <ProblemCount problems={problems} />
          </span>
          <span className={classes.facts}>
            {stepTypeWords[step.type].label}
            {answerer ? ` · ${answerer}` : ''}
            {mark?.isPinned ? ' · output pinned' : ''}
            {mark?.heat ? ` · ${mark.heat.words}` : ''}
          </span>
          {sources ? (
            <span className={classes.sources}>
              {sources.split('\n').map((words) => (
                <span key={words}>{words}</span>
              ))}
            </span>
          ) : null}
        </span>
      </button>
      <StepMenu step={step} className={classes.more} />
    </li>
  );
});
