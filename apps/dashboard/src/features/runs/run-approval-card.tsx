'use client';

import { Button, JsonInput, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconHourglass, IconShieldDollar, IconThumbDown, IconThumbUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useMutation } from 'urql';
import { formatAge, formatMoment } from '../../format/date-format.ts';
import { ApproveStepDocument, DeclineStepDocument } from '../../gql/runs.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { refusalText } from '../guardrails/refusal-of.ts';
import classes from './run-approval-card.module.css';
import type { ApprovalDetails } from './run-record.ts';
import { valueText } from './run-words.ts';

interface Props {
  runId: string;
  approval: ApprovalDetails;
  stepName: string;
  onDecided(): void;
}

const approverWords = {
  OWNER: 'Owners',
  ADMIN: 'Owners and admins',
  DEVELOPER: 'Owners, admins and developers',
  VIEWER: 'Everybody',
};

/** A question to a person: what it is about, and yes or no with a note. */
export function RunApprovalCard({ runId, approval, stepName, onDecided }: Props) {
  const { approvalId, kind, message, subject, canEdit, decision, expiresAt, approvers, mayDecide } = approval;
  const [comment, setComment] = useState('');
  const subjectText = valueText(subject);
  const [value, setValue] = useState(subjectText);
  const [problem, setProblem] = useState<string>();
  const [{ fetching: isApproving }, approve] = useMutation(ApproveStepDocument);
  const [{ fetching: isDeclining }, decline] = useMutation(DeclineStepDocument);
  const given = comment.trim() === '' ? {} : { comment: comment.trim() };

  const say = async (isYes: boolean) => {
    setProblem(undefined);
    const input = { runId, approvalId, ...given };
    if (isYes) {
      const edited = canEdit && value !== subjectText ? readEdited(value, subject) : undefined;
      if (edited?.problem) return setProblem(edited.problem);
      const { data, error } = await approve({ input: { ...input, ...(edited ? { value: edited.value } : {}) } });
      const result = data?.approveStep;
      if (result?.__typename !== 'ApproveStepSuccess') setProblem(refusalText(result, error));
      else notifications.show({ message: `${stepName} is approved; the run goes on.` });
    } else {
      const { data, error } = await decline({ input });
      const result = data?.declineStep;
      if (result?.__typename !== 'DeclineStepSuccess') setProblem(refusalText(result, error));
      else notifications.show({ message: `${stepName} is declined.` });
    }
    onDecided();
  };

  if (decision)
    return (
      <p className={classes.decided} data-yes={decision.isApproved || undefined}>
        {decision.isApproved ? (
          <IconThumbUp size={15} aria-hidden="true" />
        ) : (
          <IconThumbDown size={15} aria-hidden="true" />
        )}
        <span>
          <strong>{decision.isApproved ? 'Approved' : 'Declined'}</strong>
          {decision.decidedBy ? ` by ${decision.decidedBy.name}` : ''}, {formatMoment(decision.decidedAt)}
          {decision.comment ? `: “${decision.comment}”` : '.'}
        </span>
      </p>
    );
  const Icon = kind === 'BUDGET' ? IconShieldDollar : IconHourglass;
  return (
    <section className={classes.card} aria-label={`Question of ${stepName}`}>
      <header className={classes.header}>
        <Icon size={17} aria-hidden="true" />
        <p>
          <strong>{message}</strong>
          <span className={classes.meta}>
            asked {formatAge(approval.requestedAt, Date.now())}
            {expiresAt ? `, open until ${formatMoment(expiresAt)}` : ''}. {approverWords[approvers]} may decide.
          </span>
        </p>
      </header>
      {subjectText === '' ? null : canEdit && mayDecide ? (
        typeof subject === 'string' ? (
          <Textarea
            label="What it is about"
            description="You may change it: later steps see it as you leave it."
            autosize
            minRows={3}
            maxRows={9}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
        ) : (
          <JsonInput
            label="What it is about"
            description="You may change it: later steps see it as you leave it."
            autosize
            minRows={3}
            maxRows={9}
            value={value}
            onChange={setValue}
          />
        )
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        <pre className={classes.subject} tabIndex={0}>
          {subjectText}
        </pre>
      )}
      {kind === 'BUDGET' ? (
        <p className={classes.meta}>
          A call would break a budget. Decide it with the amount in{' '}
          <AppLink href="/guardrails?tab=approvals">Approvals</AppLink>
          {mayDecide ? ', or here as it was asked for.' : '.'}
        </p>
      ) : null}
      {mayDecide ? (
        <>
          <Textarea
            label="Note"
            description="Who looks at the run later reads it."
            autosize
            minRows={1}
            maxRows={5}
            maxLength={2000}
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
          />
          {problem ? (
            <p className={classes.problem} role="alert">
              {problem}
            </p>
          ) : null}
          <div className={classes.actions}>
            <Button variant="default" loading={isDeclining} disabled={isApproving} onClick={() => say(false)}>
              Decline
            </Button>
            <Button loading={isApproving} disabled={isDeclining} onClick={() => say(true)}>
              Approve
            </Button>
          </div>
        </>
      ) : (
        <p className={classes.meta}>You may look, and ask one of them to decide.</p>
      )}
    </section>
  );
}

function readEdited(text: string, subject: unknown): { value?: unknown; problem?: string } {
  if (typeof subject === 'string') return { value: text };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { problem: 'What it is about is no JSON any more. Mend it, or put it back as it was.' };
  }
}
