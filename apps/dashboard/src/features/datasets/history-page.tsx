'use client';

import { Button, NumberInput, SegmentedControl, Select, Skeleton, Switch, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import {
  CreateDatasetFromHistoryDocument,
  DatasetWorkflowNamesDocument,
  PreviewDatasetFromHistoryDocument,
} from '../../gql/datasets.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { BackLink } from '../../shell/back-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { usePageTitle } from '../../shell/use-page-title.ts';
import { refusalOf } from '../guardrails/refusal-of.ts';
import { datasetHref } from './dataset-links.ts';
import { countWords } from './dataset-words.ts';
import classes from './datasets.module.css';
import { PreviewItems } from './preview-items.tsx';
import { emptyTarget, isComplete, TargetFields, targetInput } from './target-fields.tsx';

/** Makes a version of what was asked in earlier runs or comparisons. */
export function HistoryPage({ into }: { into: string | null }) {
  usePageTitle('Dataset from history');
  const router = useRouter();
  const [{ fetching: isBusy }, create] = useMutation(CreateDatasetFromHistoryDocument);
  const [{ data: known }] = useQuery({ query: DatasetWorkflowNamesDocument });
  const [source, setSource] = useState<'RUNS' | 'COMPARISONS'>('RUNS');
  const [workflowName, setWorkflowName] = useState<string | null>(null);
  const [since, setSince] = useState('');
  const [most, setMost] = useState<number | ''>(1000);
  const [takesExpected, setTakesExpected] = useState(true);
  const [target, setTarget] = useState(() => emptyTarget(into));
  const [refusal, setRefusal] = useState<string>();
  const [nameProblem, setNameProblem] = useState<string>();
  const asked = useMemo(
    () => ({
      ...{ source, takesExpected, most: most === '' ? 1000 : most },
      ...(source === 'RUNS' && workflowName ? { workflowName } : {}),
      ...(since ? { since: new Date(`${since}T00:00:00`).toISOString() } : {}),
    }),
    [source, takesExpected, most, workflowName, since],
  );
  const [settled] = useDebouncedValue(asked, 250);
  const [{ data, error, fetching }, reload] = useQuery({
    query: PreviewDatasetFromHistoryDocument,
    variables: settled,
    requestPolicy: 'cache-and-network',
  });
  const preview = data?.previewDatasetFromHistory;
  const submit = async () => {
    setRefusal(undefined);
    setNameProblem(undefined);
    const { data: answer, error: failed } = await create({ input: { ...asked, ...targetInput(target) } });
    const result = answer?.createDatasetFromHistory;
    if (result?.__typename === 'DatasetVersionSuccess' && result.dataset) {
      notifications.show({ message: `${countWords(result.version?.itemCount ?? 0, 'item')} taken from history.` });
      router.push(datasetHref(result.dataset.id));
      return;
    }
    const { issues, message } = refusalOf(result, failed);
    const ofName = issues.find(({ path }) => path.at(-1) === 'name');
    if (ofName) setNameProblem(ofName.message);
    else setRefusal(message);
  };
  return (
    <>
      <BackLink href={into === null ? '/datasets' : datasetHref(into)}>
        {into === null ? 'Datasets' : 'The dataset'}
      </BackLink>
      <PageHeader
        title="From history"
        description="What was asked before becomes items, the newest first and the same question once."
      />
      <section className={classes.card} aria-labelledby="history-what">
        <h2 id="history-what">What is taken</h2>
        <p className={classes.hint}>
          Requests of your apps that went through <code className={classes.mono}>complete</code> or{' '}
          <code className={classes.mono}>/v1</code> leave no texts behind, so they cannot become items.
        </p>
        <SegmentedControl
          mb="md"
          aria-label="Source"
          data={[
            { value: 'RUNS', label: 'Completed runs' },
            { value: 'COMPARISONS', label: 'Finished comparisons' },
          ]}
          value={source}
          onChange={(value) => setSource(value as 'RUNS' | 'COMPARISONS')}
        />
        <div className={classes.fields}>
          {source === 'RUNS' ? (
            <Select
              label="Workflow"
              description="All when none is chosen."
              clearable
              searchable
              placeholder="All workflows"
              data={known?.workflows.edges.map(({ node }) => node.name) ?? []}
              value={workflowName}
              onChange={setWorkflowName}
            />
          ) : null}
          <TextInput
            type="date"
            label="Since"
            description="All when it is empty."
            value={since}
            onChange={(event) => setSince(event.currentTarget.value)}
          />
          <NumberInput
            label="At most"
            description="Items, the newest ones; 10,000 at the most."
            min={1}
            max={10_000}
            allowDecimal={false}
            thousandSeparator=","
            value={most}
            onChange={(value) => setMost(typeof value === 'number' && value >= 1 ? Math.min(value, 10_000) : '')}
          />
        </div>
        <Switch
          mt="md"
          label={source === 'RUNS' ? 'Take outputs as what is expected' : 'Take answers marked as best as expected'}
          description="For scorers and judges; you can leave it out when answers were not good."
          checked={takesExpected}
          onChange={(event) => setTakesExpected(event.currentTarget.checked)}
        />
      </section>
      {error && !preview ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => reload({ requestPolicy: 'network-only' })} />
      ) : null}
      {!preview && !error ? <Skeleton h={200} radius={12} mb="md" /> : null}
      {preview?.itemCount === 0 ? (
        <EmptyState
          title="Nothing was found"
          action={
            <Button component={AppLink} href={source === 'RUNS' ? '/workflows' : '/compare'} variant="default">
              {source === 'RUNS' ? 'Run a workflow' : 'Compare models'}
            </Button>
          }
        >
          {source === 'RUNS'
            ? 'No completed run fits. Choose another workflow or an earlier day, or run one first.'
            : 'No finished comparison fits. Choose an earlier day, or compare models first.'}
        </EmptyState>
      ) : null}
      {preview && preview.itemCount > 0 ? (
        <>
          <section className={classes.card} aria-labelledby="history-items" aria-busy={fetching}>
            <h2 id="history-items">{countWords(preview.itemCount, 'item')}</h2>
            <p className={classes.hint}>The first {Math.min(preview.itemCount, preview.items.length)} of them:</p>
            <PreviewItems items={preview.items} label="First items" />
          </section>
          <section className={classes.card} aria-labelledby="history-target">
            <h2 id="history-target">Where it goes</h2>
            <TargetFields target={target} onChange={setTarget} nameProblem={nameProblem} />
            {refusal ? (
              <p className={classes.refusal} role="alert">
                {refusal}
              </p>
            ) : null}
            <div className={classes.footer}>
              <Button onClick={submit} loading={isBusy} disabled={!isComplete(target)}>
                Make the version
              </Button>
            </div>
          </section>
        </>
      ) : null}
    </>
  );
}
