import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCircleCheck,
  IconDots,
  IconFlag,
  IconMessage2,
  IconStack2,
  IconTool,
  IconTrendingDown,
  IconTrendingUp,
  IconZzz,
} from '@tabler/icons-react';
import { formatMoment } from '../../format/date-format.ts';
import { formatLeft } from '../guardrails/budget-words.ts';
import classes from './incident-timeline.module.css';
import type { IncidentDetails } from './use-incident.ts';

type Entry = IncidentDetails['timeline'][number];

const looks: Readonly<Record<Entry['kind'], { word: string; icon: typeof IconFlag; tone: string }>> = {
  OPENED: { word: 'Noticed', icon: IconFlag, tone: 'bad' },
  WORSE: { word: 'Worse', icon: IconTrendingDown, tone: 'bad' },
  BETTER: { word: 'Better', icon: IconTrendingUp, tone: 'warn' },
  CAUSE: { word: 'Something else', icon: IconAlertTriangle, tone: 'warn' },
  MODELS: { word: 'More models', icon: IconStack2, tone: 'warn' },
  QUIET: { word: 'Silence', icon: IconZzz, tone: 'idle' },
  BACK: { word: 'Answers again', icon: IconTrendingUp, tone: 'good' },
  REOPENED: { word: 'Came back', icon: IconArrowBackUp, tone: 'bad' },
  CLOSED: { word: 'Over', icon: IconCircleCheck, tone: 'good' },
  NOTE: { word: 'Note', icon: IconMessage2, tone: 'info' },
  MAINTENANCE: { word: 'Maintenance', icon: IconTool, tone: 'info' },
};
const unknownLook = { word: 'Step', icon: IconDots, tone: 'idle' };

/** The steps of an incident and the notes of the team, the oldest first, each with the time since the first fault. */
export function IncidentTimeline({ entries, startedAt }: { entries: readonly Entry[]; startedAt: string }) {
  const startMs = Date.parse(startedAt);
  return (
    <ol className={classes.timeline}>
      {entries.map(({ kind, text, at, authorName }, number) => {
        const { word, icon: Icon, tone } = looks[kind] ?? unknownLook;
        return (
          <li key={`${at}${number}`} data-tone={tone}>
            <span className={classes.sign}>
              <Icon size={15} stroke={1.9} aria-hidden="true" />
            </span>
            <div>
              <p className={classes.line}>
                <strong>{kind === 'NOTE' ? `Note${authorName ? ` by ${authorName}` : ''}` : word}</strong>
                <time dateTime={at} title={formatMoment(at)}>
                  {formatMoment(at)} · {formatLeft(Math.max(0, Date.parse(at) - startMs))} in
                </time>
              </p>
              <p className={classes.text}>{text}</p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
