'use client';

import { IconPinFilled } from '@tabler/icons-react';
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { markOf } from '../catalog/model-identity.ts';
import { type Step, stepName } from './definition.ts';
import { ProblemCount } from './problem-count.tsx';
import { RunMark } from './run-mark.tsx';
import classes from './step-card.module.css';
import type { StepMark } from './step-marks.ts';
import { StepTypeIcon } from './step-type-icon.tsx';
import { stepTypeWords } from './step-words.ts';

export interface StepCardData extends Record<string, unknown> {
  step: Step;
  /** Who answers, in words. */
  answerer: string;
  models: readonly string[];
  problems: readonly { isError: boolean }[];
  mark: StepMark | undefined;
}

export type StepNode = Node<StepCardData, 'step'>;

/** Where the ways out of a branch begin, evenly along the lower side. */
const wayLeft = (index: number, count: number) => `${((index + 1) * 100) / (count + 1)}%`;

/** A step on the canvas. */
export function StepCard({ data, selected }: NodeProps<StepNode>) {
  const { step, answerer, models, problems, mark } = data;
  const ways = step.type === 'branch' ? [...(step.cases ?? []).map((_, index) => `case-${index}`), 'case--1'] : ['out'];
  return (
    <div
      className={classes.card}
      data-type={step.type}
      data-selected={selected || undefined}
      data-run={mark?.run}
      data-wrong={problems.some(({ isError }) => isError) || undefined}
    >
      <Handle type="target" position={Position.Top} id="in" className={classes.handle} />
      <div className={classes.head}>
        <span className={classes.icon} data-type={step.type}>
          <StepTypeIcon type={step.type} size={15} />
        </span>
        <span className={classes.name}>{stepName(step)}</span>
        {mark?.isPinned ? <IconPinFilled size={13} aria-label="Output pinned" /> : null}
        <ProblemCount problems={problems} />
      </div>
      <p className={classes.facts}>
        {models.slice(0, 4).map((model) => (
          <ModelGlyph key={model} mark={markOf(model)} size={11} />
        ))}
        <span>
          {answerer || stepTypeWords[step.type].label}
          {typeof step.strategy === 'string' && step.strategy !== 'manual' ? ` · ${step.strategy}` : ''}
        </span>
      </p>
      <div className={classes.foot}>
        {mark?.run ? <RunMark state={mark.run} /> : <code className={classes.id}>{step.id}</code>}
        {mark?.heat ? <span className={classes.heatWords}>{mark.heat.words}</span> : null}
      </div>
      {mark?.heat ? (
        <span className={classes.heat} style={{ '--heat': mark.heat.share } as never} aria-hidden="true" />
      ) : null}
      {ways.map((id, index) => (
        <Handle
          key={id}
          type="source"
          position={Position.Bottom}
          id={id}
          className={classes.handle}
          style={{ left: wayLeft(index, ways.length) }}
        />
      ))}
    </div>
  );
}

export type InputsNode = Node<{ names: readonly string[] }, 'inputs'>;

/** The inputs of the workflow on the canvas. */
export function InputsCard({ data, selected }: NodeProps<InputsNode>) {
  return (
    <div className={classes.inputs} data-selected={selected || undefined}>
      <span className={classes.name}>Inputs</span>
      <span className={classes.names}>
        {data.names.slice(0, 4).map((name) => (
          <code key={name}>{name}</code>
        ))}
        {data.names.length > 4 ? <span>+{data.names.length - 4}</span> : null}
      </span>
      <Handle type="source" position={Position.Bottom} id="out" className={classes.handle} isConnectable={false} />
    </div>
  );
}
