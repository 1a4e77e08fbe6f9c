import { IconArrowBackUp, IconFileCode, IconKey, IconServer, IconUser } from '@tabler/icons-react';
import { formatAge, formatMoment } from '../../format/date-format.ts';
import type { AuditRowFieldsFragment } from '../../gql/audit.ts';
import classes from './audit.module.css';
import { badgeOf, wordsOf } from './audit-words.ts';

const icons = { PERSON: IconUser, KEY: IconKey, FILE: IconFileCode, SYSTEM: IconServer } as const;

interface Props {
  /** Entries of one request. */
  readonly rows: readonly AuditRowFieldsFragment[];
  onOpen(entryId: string): void;
}

/** What somebody did in one request. */
export function AuditGroup({ rows, onOpen }: Props) {
  const [first] = rows;
  if (!first) return null;
  const { actor, at, action } = first;
  const Icon = icons[actor.kind];
  return (
    <li className={classes.group}>
      <p className={classes.meta}>
        <Icon size={14} aria-hidden="true" />
        <strong>{actor.name}</strong>
        {actor.kind === 'KEY' ? <span>API key</span> : null}
        {actor.reason ? <span>{actor.reason}</span> : null}
        <time dateTime={at} title={formatMoment(at)}>
          {formatAge(at, Date.now())}
        </time>
        <span>{wordsOf(action)}</span>
        {rows.length > 1 ? <span>{rows.length} changes in one request</span> : null}
      </p>
      {rows.map((row) => {
        const { word, tone } = badgeOf(row);
        return (
          <button key={row.id} type="button" className={classes.entry} onClick={() => onOpen(row.id)}>
            <span>{row.summary}</span>
            <span className={classes.tags}>
              {row.revertedBy ? (
                <span className={classes.badge} data-tone="warn">
                  <IconArrowBackUp size={13} aria-hidden="true" /> taken back
                </span>
              ) : null}
              <span className={classes.badge} data-tone={tone}>
                {word}
              </span>
              <span className={classes.seq}>
                <span className="visually-hidden">entry </span>
                {row.seq}
              </span>
            </span>
          </button>
        );
      })}
    </li>
  );
}
