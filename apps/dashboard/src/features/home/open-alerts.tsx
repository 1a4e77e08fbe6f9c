import { IconCircleCheck } from '@tabler/icons-react';
import { formatAge } from '../../format/date-format.ts';
import type { HomeListsQuery } from '../../gql/home.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { linkOf, toneOf } from '../alerts/alert-words.ts';
import classes from './home-page.module.css';

/** What was told and not read yet. */
export function OpenAlerts({ notifications }: { notifications: HomeListsQuery['notifications'] }) {
  const more = notifications.totalCount - notifications.edges.length;
  return (
    <section className={classes.widget} aria-labelledby="open-alerts">
      <div className={classes.head}>
        <h2 id="open-alerts">Unread alerts</h2>
        <AppLink href="/guardrails?tab=alerts">Channels</AppLink>
      </div>
      {notifications.edges.length === 0 ? (
        <p className={classes.quiet}>
          <IconCircleCheck size={16} aria-hidden="true" /> Nothing to worry about.
        </p>
      ) : (
        <ul className={classes.rows}>
          {notifications.edges.map(({ node }) => (
            <li key={node.id}>
              <span className={classes.dot} data-tone={toneOf(node)} aria-hidden="true" />
              <span className={classes.rowTitle}>
                <AppLink href={linkOf(node) ?? '/guardrails?tab=alerts'}>{node.title}</AppLink>
              </span>
              <time dateTime={node.at}>{formatAge(node.at, Date.now())}</time>
            </li>
          ))}
        </ul>
      )}
      {more > 0 ? <p className={classes.quiet}>and {more} more under the bell.</p> : null}
    </section>
  );
}
