'use client';

import { SegmentedControl, Select } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { useQuery } from 'urql';
import { ExperimentWorkflowStepsDocument, ExperimentWorkflowsDocument } from '../../gql/experiments.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { isMap, type Json, type JsonMap, readAt } from './definition.ts';
import { useDraft, useDraftField } from './draft-context.ts';
import { DraftChoice, DraftNumber } from './draft-fields.tsx';
import classes from './editor.module.css';
import { Section } from './section.tsx';
import type { DatasetChoice } from './use-test-datasets.ts';

interface Props {
  choice: DatasetChoice;
}

const paired: JsonMap = { type: 'paired', datasetVersionId: '', repeats: 1 };
const live: JsonMap = { type: 'live-split', workflowName: '', stepId: '', unit: 'user', plannedUnits: 1000 };

/** On what the variants are compared: the items of a dataset, or a share of the traffic of a step. */
export function SourceSection({ choice }: Props) {
  const { definition, problems, isReadOnly, set } = useDraft();
  const source = isMap(definition.source) ? definition.source : {};
  const isLive = source.type === 'live-split';
  const own = problems.filter(({ path }) => ['source', 'source.type'].includes(path.join('.')));
  return (
    <Section
      number={3}
      title="On what"
      note={
        isLive
          ? 'Executions of one step are split: who is assigned once keeps the variant.'
          : 'Every item goes to every variant at the same time, in random order. That finds differences with the fewest calls.'
      }
      place="source"
      problems={own}
    >
      <SegmentedControl
        className={classes.kind}
        aria-label="Kind of test"
        data={[
          { value: 'paired', label: 'Items of a dataset' },
          { value: 'live-split', label: 'Live traffic of a step' },
        ]}
        value={isLive ? 'live-split' : 'paired'}
        readOnly={isReadOnly}
        onChange={(kind) => set(['source'], kind === 'live-split' ? live : paired)}
      />
      {isLive ? <LiveFields /> : <PairedFields choice={choice} />}
    </Section>
  );
}

function PairedFields({ choice }: Props) {
  const { message, isError, isReadOnly, mark } = useDraftField(['source', 'datasetVersionId']);
  const { setAll } = useDraft();
  const [text, setText] = useState('');
  const search = useDebouncedCallback((next: string) => choice.search(next), 300);
  const { datasets, isLoading, failure, datasetId, versions, version } = choice;
  const take = (id: string) =>
    setAll([
      [['source', 'datasetVersionId'], id],
      [['source', 'split'], undefined],
    ]);
  if (failure) {
    return (
      <p className={classes.error} role="alert">
        The datasets could not be read: {failure.message}
      </p>
    );
  }
  if (!isLoading && datasets.length === 0 && text === '' && datasetId === undefined) {
    return (
      <p className={classes.hint} {...mark}>
        Your team has no dataset yet. <AppLink href="/datasets">Import a CSV or JSONL file</AppLink>, or make one from
        past runs; then come back here.
      </p>
    );
  }
  return (
    <div className={classes.grid}>
      <div {...mark} className={classes.wide}>
        <Select
          label="Dataset"
          placeholder={isLoading ? 'loading …' : 'Choose one'}
          searchable
          searchValue={text}
          onSearchChange={(next) => {
            setText(next);
            search(datasets.some(({ name }) => name === next) ? '' : next);
          }}
          nothingFoundMessage="No dataset has this name"
          data={datasets.map(({ id, name }) => ({ value: id, label: name }))}
          value={datasetId ?? null}
          error={isError ? message : undefined}
          readOnly={isReadOnly}
          allowDeselect={false}
          onChange={(id) => {
            const found = datasets.find((dataset) => dataset.id === id);
            if (!found) return;
            choice.choose(found.id);
            take(found.version?.id ?? '');
          }}
        />
      </div>
      <Select
        label="Version"
        placeholder="Choose one"
        data={versions.map(({ id, version: number, itemCount }) => ({
          value: id,
          label: `${number} (${itemCount} items)`,
        }))}
        value={version?.id ?? null}
        readOnly={isReadOnly}
        allowDeselect={false}
        onChange={(id) => id && take(id)}
      />
      <DraftChoice
        path={['source', 'split']}
        label="Split"
        placeholder="all items"
        isClearable
        choices={(version?.splits ?? []).map(({ name, itemCount }) => ({
          value: name,
          label: `${name} (${itemCount})`,
        }))}
      />
      <DraftNumber
        path={['source', 'maxItems']}
        label="At most items"
        placeholder="all of them"
        description="Drawn at random"
        min={1}
      />
      <DraftNumber
        path={['source', 'repeats']}
        label="Answers per item"
        description="More make noise smaller"
        min={1}
        max={20}
      />
    </div>
  );
}

const units = [
  { value: 'user', label: 'User' },
  { value: 'session', label: 'Session' },
  { value: 'run', label: 'Run' },
];

function LiveFields() {
  const [{ data }] = useQuery({ query: ExperimentWorkflowsDocument });
  const { definition } = useDraft();
  const workflows = (data?.workflows.edges ?? []).map(({ node }) => node);
  const name = readAt(definition, ['source', 'workflowName']);
  const chosen = workflows.find((each) => each.name === name);
  const [{ data: found }] = useQuery({
    query: ExperimentWorkflowStepsDocument,
    variables: { id: chosen?.id ?? '' },
    pause: chosen === undefined,
  });
  const workflow = found?.node?.__typename === 'Workflow' ? found.node : undefined;
  const steps = chosen && workflow?.id === chosen.id ? stepsOf(workflow.definition) : [];
  return (
    <div className={classes.grid}>
      <DraftChoice
        path={['source', 'workflowName']}
        label="Workflow"
        placeholder="Choose one"
        isSearchable
        choices={workflows.map((each) => ({ value: each.name, label: each.name }))}
      />
      <DraftChoice path={['source', 'stepId']} label="Step" placeholder="Choose one" isSearchable choices={steps} />
      <DraftChoice
        path={['source', 'unit']}
        label="Who keeps a variant"
        description="For the whole test"
        choices={units}
      />
      <DraftNumber path={['source', 'plannedUnits']} label="Planned size" description="Of these, at the end" min={20} />
      <DraftNumber
        path={['source', 'judgedShare']}
        label="Judged share"
        description="Of executions, paid from the cap"
        placeholder="all"
        factor={100}
        suffix=" %"
        min={0}
        max={100}
      />
    </div>
  );
}

/** Steps that ask a model, as choices. */
function stepsOf(definition: unknown): readonly { value: string; label: string }[] {
  const steps = isMap(definition) ? definition.steps : undefined;
  if (!Array.isArray(steps)) return [];
  return (steps as readonly Json[]).filter(isMap).flatMap(({ id, name, type }) => {
    if (typeof id !== 'string' || (type !== undefined && type !== 'prompt')) return [];
    return [{ value: id, label: typeof name === 'string' && name !== id ? `${name} (${id})` : id }];
  });
}
