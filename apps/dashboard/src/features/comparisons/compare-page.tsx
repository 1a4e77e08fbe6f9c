'use client';

import { Button, Skeleton } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { StartComparisonDocument } from '../../gql/comparisons.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { usePageTitle } from '../../shell/use-page-title.ts';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import { prepareMarkdown } from './answer.tsx';
import classes from './compare-page.module.css';
import { ComparisonView } from './comparison-view.tsx';
import { Composer } from './composer.tsx';
import { draftOfComparison, inputOfDraft } from './draft.ts';
import gridClasses from './lane-grid.module.css';
import { randomKey } from './random-key.ts';
import { ReadyLanes } from './ready-lanes.tsx';
import { startProblem } from './start-problem.ts';
import { useComparison } from './use-comparison.ts';
import { useDraft } from './use-draft.ts';

/** One prompt, several models, side by side. `?id=` opens a comparison; without it the composer waits for Run. */
export function ComparePage() {
  const id = useSearchParams().get('id');
  const client = useClient();
  const choices = useModelChoices();
  const { open, isMissing, failure, status, reload } = useComparison(id);
  const [draft, dispatch] = useDraft(choices, id !== null && !isMissing);
  const [isStarting, setStarting] = useState(false);
  const [problem, setProblem] = useState<string>();
  const startedHere = useRef<string>(undefined);
  usePageTitle(open?.comparison.title ?? 'Compare');

  useEffect(prepareMarkdown, []);

  const comparison = open?.comparison;
  const filledFor = useRef<string>(undefined);
  useEffect(() => {
    if (!comparison || filledFor.current === comparison.id) return;
    filledFor.current = comparison.id;
    if (startedHere.current !== comparison.id) dispatch({ type: 'replace', draft: draftOfComparison(comparison) });
  }, [comparison, dispatch]);

  const run = async () => {
    setStarting(true);
    setProblem(undefined);
    const { data, error } = await client.mutation(StartComparisonDocument, { input: inputOfDraft(draft, randomKey()) });
    setStarting(false);
    const result = data?.startComparison;
    if (result?.__typename === 'StartComparisonSuccess') {
      startedHere.current = result.comparison.id;
      window.history.pushState(null, '', `/compare?id=${encodeURIComponent(result.comparison.id)}`);
    } else setProblem(error ? describeFailure(error).message : startProblem(result));
  };

  const startNew = useCallback(() => {
    dispatch({ type: 'prompt', value: '' });
    window.history.pushState(null, '', '/compare');
    document.querySelector<HTMLTextAreaElement>('textarea[aria-label="Prompt"]')?.focus();
  }, [dispatch]);

  return (
    <div className={classes.page}>
      <h1 className="visually-hidden">{comparison ? `Compare: ${comparison.title}` : 'Compare'}</h1>
      <Composer
        draft={draft}
        dispatch={dispatch}
        choices={choices}
        isStarting={isStarting}
        problem={problem}
        onRun={run}
      />
      {comparison && comparison.imageCount > 0 && startedHere.current !== comparison.id ? (
        <p className={classes.note}>
          This comparison was run with {comparison.imageCount} {comparison.imageCount === 1 ? 'image' : 'images'}.
          Images are not kept; attach them again to repeat it.
        </p>
      ) : null}
      {comparison?.contentRemovedAt ? (
        <p className={classes.note}>
          Prompt and answers are not kept here, by the <AppLink href="/team?tab=settings">settings of the team</AppLink>
          . What the calls took and cost stays.
        </p>
      ) : null}
      {choices.failure ? <FailureNotice failure={choices.failure} onRetry={choices.reload} /> : null}
      {id === null && !choices.failure ? <ReadyLanes modelIds={draft.modelIds} choices={choices} /> : null}
      {open ? (
        <ComparisonView key={open.comparison.id} open={open} status={status} choices={choices} onNew={startNew} />
      ) : null}
      {failure ? <FailureNotice failure={failure} onRetry={reload} /> : null}
      {isMissing ? (
        <EmptyState
          title="No comparison here"
          action={
            <Button component={AppLink} href="/comparisons" variant="default" leftSection={<IconHistory size={16} />}>
              Open the history
            </Button>
          }
        >
          It was deleted, or it belongs to another team. The composer above is ready for a new one.
        </EmptyState>
      ) : null}
      {id !== null && !open && !failure && !isMissing ? <LoadingLanes /> : null}
    </div>
  );
}

function LoadingLanes() {
  return (
    <div className={gridClasses.grid} style={{ '--columns': 3 } as React.CSSProperties} aria-busy="true">
      <Skeleton radius={12} />
      <Skeleton radius={12} />
      <Skeleton radius={12} />
    </div>
  );
}
