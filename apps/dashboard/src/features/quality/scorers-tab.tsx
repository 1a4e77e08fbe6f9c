'use client';

import { Button, Skeleton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useQuery } from 'urql';
import { formatAge } from '../../format/date-format.ts';
import { SavedScorerListDocument } from '../../gql/quality.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { ListPages } from '../../shell/list-pages.tsx';
import { SearchField } from '../../shell/search-field.tsx';
import tableClasses from '../../shell/table.module.css';
import { useNow } from '../../shell/use-now.ts';
import { useMayRun } from '../health/use-may-run.ts';
import { EmptyScorersPicture } from './empty-scorers-picture.tsx';
import classes from './quality-page.module.css';
import { scorerWords } from './scorer-kinds.ts';

const JudgeCard = dynamic(() => import('./judge-card.tsx').then((module) => module.JudgeCard), { ssr: false });

interface Props {
  kind: 'CHECK' | 'JUDGE';
  address: URLSearchParams;
  onChange(change: Record<string, string | null>): void;
}

const words = {
  CHECK: {
    one: 'scorer',
    many: 'scorers',
    tab: 'scorers',
    title: 'No saved scorers yet',
    text: 'A scorer is a check that needs no model: a pattern, a number, a JSON schema, a length. Try it on answers, save it, and name it in any test.',
    first: 'Make the first scorer',
  },
  JUDGE: {
    one: 'judge',
    many: 'judges',
    tab: 'judges',
    title: 'No saved judges yet',
    text: 'A judge is a model that says how good an answer is, with a reason. It costs money, and it is worth what people agree with: that is measured here.',
    first: 'Make the first judge',
  },
} as const;

/** The team's saved checks, or its judges with how far people agree with them. */
export function ScorersTab({ kind, address, onChange }: Props) {
  const mayMake = useMayRun();
  const now = useNow(true, 30_000);
  const said = words[kind];
  const search = address.get('search') ?? '';
  const after = address.get('after');
  const [{ data, error }, reload] = useQuery({
    query: SavedScorerListDocument,
    variables: { kind, first: 20, ...(after ? { after } : {}), ...(search ? { search } : {}) },
    requestPolicy: 'cache-and-network',
  });
  const list = data?.savedScorers;
  const scorers = list?.edges.map(({ node }) => node);
  const isEmpty = scorers?.length === 0 && search === '' && after === null;
  const hrefOf = (id: string) => `/quality?tab=${said.tab}&scorer=${encodeURIComponent(id)}`;
  return (
    <>
      {isEmpty ? null : (
        <div className={tableClasses.filters}>
          <SearchField
            label={`Search ${said.many}`}
            value={search}
            onSearch={(value) => onChange({ search: value || null, after: null })}
          />
          {mayMake ? (
            <Button leftSection={<IconPlus size={16} />} onClick={() => onChange({ scorer: 'new' })}>
              New {said.one}
            </Button>
          ) : null}
        </div>
      )}
      {error && !data ? <FailureNotice failure={describeFailure(error)} onRetry={() => reload()} /> : null}
      {!scorers && !error ? <Skeleton h={240} radius={12} /> : null}
      {isEmpty ? (
        <EmptyState
          title={said.title}
          picture={<EmptyScorersPicture />}
          action={mayMake ? <Button onClick={() => onChange({ scorer: 'new' })}>{said.first}</Button> : undefined}
        >
          {said.text}
        </EmptyState>
      ) : null}
      {scorers?.length === 0 && !isEmpty ? (
        <EmptyState title="Nothing matches">
          No {said.one} has “{search}” in its name.
        </EmptyState>
      ) : null}
      {kind === 'JUDGE'
        ? scorers?.map((scorer) => <JudgeCard key={scorer.id} scorer={scorer} href={hrefOf(scorer.id)} />)
        : null}
      {kind === 'CHECK' && scorers && scorers.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard.
        <section className={tableClasses.frame} aria-label="Scorers" tabIndex={0}>
          <table className={tableClasses.table}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">What it does</th>
                <th scope="col">Version</th>
                <th scope="col">Tests</th>
                <th scope="col">Changed</th>
              </tr>
            </thead>
            <tbody>
              {scorers.map(({ id, name, description, content, version, usedByCount, updatedAt }) => (
                <tr key={id}>
                  <td>
                    <AppLink href={hrefOf(id)} className={classes.link}>
                      {name}
                    </AppLink>
                    {description ? <span className={classes.description}>{description}</span> : null}
                  </td>
                  <td>{scorerWords(content)}</td>
                  <td>{version}</td>
                  <td>{usedByCount === 0 ? <span className={tableClasses.muted}>none</span> : usedByCount}</td>
                  <td className={`${tableClasses.muted} ${classes.noWrap}`}>{formatAge(updatedAt, now)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      <ListPages list={list} after={after} onChange={(value) => onChange({ after: value })} />
    </>
  );
}
