'use client';

import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { formatAge } from '../../format/date-format.ts';
import { FeedbackListDocument, type FeedbackListQuery } from '../../gql/quality.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { ListPages } from '../../shell/list-pages.tsx';
import tableClasses from '../../shell/table.module.css';
import { useNow } from '../../shell/use-now.ts';
import { type FeedbackLanguage, feedbackSnippet } from './feedback-snippets.ts';
import classes from './feedback-tab.module.css';
import pageClasses from './quality-page.module.css';

type Word = FeedbackListQuery['feedback']['edges'][number]['node'];

const targetWords: Readonly<Record<string, string>> = {
  ...{ DECISION: 'Answer', LANE: 'Lane of a comparison', CALL: 'Answer', RUN: 'Run', STEP: 'Step' },
  TEST_ANSWER: 'Answer of a test',
};

interface Props {
  address: URLSearchParams;
  onChange(change: Record<string, string | null>): void;
}

/** What apps said of answers, and how an app says it. */
export function FeedbackTab({ address, onChange }: Props) {
  const now = useNow(true, 30_000);
  const after = address.get('after');
  const asked = address.get('source');
  const source = asked === 'APP' || asked === 'JUDGE' ? asked : undefined;
  const [{ data, error }, reload] = useQuery({
    query: FeedbackListDocument,
    variables: { first: 25, ...(after ? { after } : {}), ...(source ? { source } : {}) },
    requestPolicy: 'cache-and-network',
  });
  const list = data?.feedback;
  const said = list?.edges.map(({ node }) => node);
  const isEmpty = said?.length === 0 && after === null && !source;
  return (
    <>
      {isEmpty ? null : (
        <div className={tableClasses.filters}>
          <SegmentedControl
            aria-label="Who said it"
            data={[
              { value: 'ALL', label: 'All' },
              { value: 'APP', label: 'Apps and users' },
              { value: 'JUDGE', label: 'Judges' },
            ]}
            value={source ?? 'ALL'}
            onChange={(value) => onChange({ source: value === 'ALL' ? null : value, after: null })}
          />
        </div>
      )}
      {error && !data ? <FailureNotice failure={describeFailure(error)} onRetry={() => reload()} /> : null}
      {!said && !error ? <Skeleton h={240} radius={12} mb="md" /> : null}
      {said && said.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard.
        <section className={tableClasses.frame} aria-label="Feedback" tabIndex={0}>
          <table className={tableClasses.table}>
            <thead>
              <tr>
                <th scope="col">Score</th>
                <th scope="col">Of</th>
                <th scope="col">Model</th>
                <th scope="col">Comment</th>
                <th scope="col">By</th>
                <th scope="col">Routing</th>
                <th scope="col">When</th>
              </tr>
            </thead>
            <tbody>
              {said.map((word) => (
                <tr key={word.id}>
                  <td>
                    <span className={classes.score}>
                      <i aria-hidden="true">
                        <b style={{ width: `${word.score * 100}%` }} />
                      </i>
                      {Number(word.score.toFixed(2))}
                    </span>
                  </td>
                  <td className={pageClasses.noWrap}>
                    <Target word={word} />
                  </td>
                  <td className={pageClasses.noWrap}>
                    {word.modelId ?? <span className={tableClasses.muted}>—</span>}
                  </td>
                  <td>
                    <span className={classes.comment}>{word.comment ?? ''}</span>
                  </td>
                  <td className={tableClasses.muted}>{word.author}</td>
                  <td className={`${tableClasses.muted} ${pageClasses.noWrap}`}>
                    {word.learningDecisions === 0 ? 'named model' : 'learns from it'}
                  </td>
                  <td className={`${tableClasses.muted} ${pageClasses.noWrap}`}>{formatAge(word.updatedAt, now)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      {said?.length === 0 && !isEmpty ? <p className={pageClasses.hint}>Nobody of these said anything yet.</p> : null}
      <ListPages list={list} after={after} onChange={(value) => onChange({ after: value })} />
      <Sending isEmpty={isEmpty} />
    </>
  );
}

function Target({ word: { target, runId, stepId, experimentId } }: { word: Word }) {
  const words = `${targetWords[target] ?? target}${stepId ? ` ${stepId}` : ''}`;
  const href = runId
    ? `/runs?id=${encodeURIComponent(runId)}`
    : experimentId
      ? `/experiments?id=${encodeURIComponent(experimentId)}`
      : undefined;
  return href ? (
    <AppLink href={href} className={pageClasses.link}>
      {words}
    </AppLink>
  ) : (
    words
  );
}

function Sending({ isEmpty }: { isEmpty: boolean }) {
  const [language, setLanguage] = useState<FeedbackLanguage>('curl');
  const [origin, setOrigin] = useState('');
  const clipboard = useClipboard({ timeout: 1500 });
  useEffect(() => setOrigin(location.origin), []);
  const code = feedbackSnippet(language, origin);
  return (
    <section className={pageClasses.card} aria-labelledby="send-feedback" style={{ marginTop: 16 }}>
      <h2 id="send-feedback">{isEmpty ? 'No app has said anything yet' : 'Send feedback from your app'}</h2>
      <p className={pageClasses.hint}>
        Your app knows what an answer was worth: a thumb, a solved ticket, a test that passed. Send it minutes or days
        later; metrics, live tests and the router learn from it. Sending it again replaces what was said.
      </p>
      <div className={classes.bar}>
        <SegmentedControl
          aria-label="Language"
          data={[
            { value: 'curl', label: 'curl' },
            { value: 'typescript', label: 'TypeScript' },
            { value: 'graphql', label: 'GraphQL' },
          ]}
          value={language}
          onChange={(value) => setLanguage(value as FeedbackLanguage)}
        />
        <Button
          variant="default"
          leftSection={clipboard.copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          onClick={() => clipboard.copy(code)}
        >
          {clipboard.copied ? 'Copied' : 'Copy'}
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <pre className={classes.code} tabIndex={0}>
        {code}
      </pre>
      <p className={pageClasses.hint}>
        The key needs the scope “run”.{' '}
        <AppLink href="/team?tab=keys&new=1" className={pageClasses.link}>
          Create a key
        </AppLink>
      </p>
    </section>
  );
}
