import { Button } from '@mantine/core';
import { IconColumns3, IconLoader2 } from '@tabler/icons-react';
import { formatAge } from '../../format/date-format.ts';
import { formatUsd } from '../../format/number-format.ts';
import type { HomeListsQuery } from '../../gql/home.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import classes from './home-page.module.css';

/** What runs and what ran last. */
export function LatestComparisons({ comparisons }: { comparisons: HomeListsQuery['comparisons'] }) {
  return (
    <section className={classes.widget} aria-labelledby="latest-comparisons">
      <div className={classes.head}>
        <h2 id="latest-comparisons">Latest comparisons</h2>
        {comparisons.totalCount > 0 ? <AppLink href="/comparisons">All {comparisons.totalCount}</AppLink> : null}
      </div>
      {comparisons.edges.length === 0 ? (
        <p className={classes.quiet}>
          <span>One prompt, several models, side by side.</span>
          <Button component={AppLink} href="/compare" size="xs" leftSection={<IconColumns3 size={14} />}>
            Run the first one
          </Button>
        </p>
      ) : (
        <ul className={classes.rows}>
          {comparisons.edges.map(({ node }) => (
            <li key={node.id}>
              <span className={classes.rowTitle}>
                <AppLink href={`/compare?id=${encodeURIComponent(node.id)}`}>{node.title}</AppLink>
              </span>
              <OriginBadge origin={node.origin} isCompact />
              {node.state === 'FINISHED' ? (
                <span>{node.totalCostUsd === null ? 'cost unknown' : formatUsd(node.totalCostUsd)}</span>
              ) : (
                <span className={classes.running}>
                  <IconLoader2 size={13} aria-hidden="true" /> running
                </span>
              )}
              <time dateTime={node.createdAt}>{formatAge(node.createdAt, Date.now())}</time>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
