'use client';

import type { AuditEntryDetailsQuery } from '../../gql/audit.ts';
import classes from './audit.module.css';
import { pathInWords } from './audit-words.ts';
import { useAmountWords } from './use-amount-words.ts';

type Entry = Extract<AuditEntryDetailsQuery['node'], { __typename: 'AuditEntry' }>;

/** Values before and after, one under the other; secrets say only that they were changed. */
export function ChangeList({ entry }: { entry: Entry }) {
  const { changes, operation } = entry;
  const inWords = useAmountWords(entry);
  if (changes.length === 0)
    return (
      <p className={classes.secret}>{operation === 'EVENT' ? 'Nothing: something happened.' : 'Nothing is told.'}</p>
    );
  return (
    <ul className={classes.diff}>
      {changes.map(({ path, before, after, isSecret }) => (
        <li key={path} className={classes.change}>
          <p className={classes.path} title={path}>
            {pathInWords(path)}
          </p>
          {isSecret ? <p className={classes.secret}>Changed. Its value is never told.</p> : null}
          {!isSecret && before !== null ? (
            <p className={classes.value} data-kind="before">
              <span aria-hidden="true">−</span>
              <span className="visually-hidden">before: </span>
              {inWords(path, before)}
            </p>
          ) : null}
          {!isSecret && after !== null ? (
            <p className={classes.value} data-kind="after">
              <span aria-hidden="true">+</span>
              <span className="visually-hidden">after: </span>
              {inWords(path, after)}
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
