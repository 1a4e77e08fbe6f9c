'use client';

import { Skeleton } from '@mantine/core';
import dynamic from 'next/dynamic';
import { useDraftField } from './draft-context.ts';
import { DraftChoice, DraftNumber, DraftText } from './draft-fields.tsx';
import classes from './editor.module.css';

const CodeEditor = dynamic(() => import('../workflows/code-editor.tsx').then((module) => module.CodeEditor), {
  ssr: false,
  loading: () => <Skeleton h={96} radius={6} />,
});

const efforts = ['none', 'minimal', 'low', 'medium', 'high'].map((value) => ({ value, label: value }));
const strategies = [
  'balanced',
  'cost-first',
  'latency-first',
  'quality-first',
  'reliability-first',
  'weighted',
  'adaptive',
  'manual',
];

/** What may be different about a variant beside its model. Empty fields leave it to the item or to the model. */
interface Props {
  index: number;
  fieldNames: readonly string[];
  isLive: boolean;
}

export function VariantDetails({ index, fieldNames, isLive }: Props) {
  const at = (...path: string[]) => ['variants', index, ...path];
  const prompt = useDraftField(at('prompt'));
  const variables = isLive
    ? []
    : [
        { text: 'input', type: 'what the item asks' },
        ...fieldNames.map((name) => ({ text: `fields.${name}`, type: 'column' })),
      ];
  return (
    <div className={classes.details}>
      <div {...prompt.mark}>
        <p className={classes.label}>Prompt</p>
        <CodeEditor
          value={typeof prompt.value === 'string' ? prompt.value : ''}
          label={`Prompt of variant ${index + 1}`}
          hint={isLive ? 'the prompt of the step' : 'the item as it is; {{ input }} puts it in'}
          language="template"
          known={{ variables, tags: [], filters: [], functions: [] }}
          problems={[]}
          isReadOnly={prompt.isReadOnly}
          lines={4}
          onChange={(text: string) => prompt.set(text === '' ? undefined : text)}
        />
        {prompt.message ? <p className={classes.error}>{prompt.message}</p> : null}
      </div>
      <DraftText
        path={at('system')}
        label="System prompt"
        placeholder={isLive ? 'that of the step' : 'that of the item, if it has one'}
        isLong
      />
      <div className={classes.grid}>
        <DraftNumber
          path={at('parameters', 'temperature')}
          label="Temperature"
          placeholder="model’s own"
          min={0}
          max={2}
          step={0.1}
          decimals={2}
        />
        <DraftNumber
          path={at('parameters', 'topP')}
          label="Top P"
          placeholder="model’s own"
          min={0}
          max={1}
          step={0.05}
          decimals={2}
        />
        <DraftNumber
          path={at('parameters', 'maxOutputTokens')}
          label="Max output tokens"
          placeholder="model’s own"
          min={1}
          step={128}
        />
        <DraftNumber path={at('parameters', 'seed')} label="Seed" placeholder="none" />
        <DraftChoice
          path={at('parameters', 'reasoningEffort')}
          label="Reasoning effort"
          placeholder="model’s own"
          choices={efforts}
          isClearable
        />
        <DraftChoice
          path={at('strategy')}
          label="Routing strategy"
          placeholder="as routing says"
          choices={strategies.map((value) => ({ value, label: value }))}
          isClearable
        />
      </div>
    </div>
  );
}
