'use client';

import { Button, Select } from '@mantine/core';
import { IconAlertTriangle, IconHistory } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useClient } from 'urql';
import { formatCount, formatShare } from '../../format/number-format.ts';
import { BackTestRulesDocument, type BackTestRulesQuery } from '../../gql/routing.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { refusalText } from '../guardrails/refusal-of.ts';
import { BackTestIntervals } from './back-test-intervals.tsx';
import classes from './back-test-tab.module.css';
import { fromZero, type Interval } from './back-test-words.ts';
import { type CriterionWeights, usualWeights } from './criterion-weights.ts';
import { inputOfRule, type Strategy } from './draft-rule.ts';
import { ShareBars } from './share-bars.tsx';
import { strategyChoices } from './strategy-words.ts';
import type { RuleDraft } from './use-rule-draft.ts';
import type { RuleProblems } from './use-rule-problems.ts';
import { WeightSliders } from './weight-sliders.tsx';

type Report = Extract<BackTestRulesQuery['backTestRules'], { __typename: 'BackTestSuccess' }>;

const ranges = [
  { value: '1', label: 'the last hour' },
  { value: '24', label: 'the last day' },
  { value: '168', label: 'the last 7 days' },
  { value: '720', label: 'the last 30 days' },
];

interface Props {
  draft: RuleDraft;
  problems: RuleProblems;
}

/** Plans recorded requests anew with the draft, another strategy or other weights, and says what can be told of it. */
export function BackTestTab({ draft, problems }: Props) {
  const client = useClient();
  const [hours, setHours] = useState('168');
  const [strategy, setStrategy] = useState<Strategy | null>(null);
  const [weights, setWeights] = useState<CriterionWeights>(usualWeights);
  const [isBusy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<{ report: Report } | { problem: string }>();
  const hasErrors = draft.isChanged && problems.errorCount > 0;

  const run = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const now = Date.now();
    const input = {
      from: new Date(now - Number(hours) * 3_600_000).toISOString(),
      to: new Date(now).toISOString(),
      ...(draft.isChanged ? { rules: (draft.rules ?? []).map(inputOfRule) } : {}),
      ...(strategy ? { strategy } : {}),
      ...(strategy === 'BALANCED' ? { weights } : {}),
    };
    const { data, error } = await client.query(BackTestRulesDocument, { input }, { requestPolicy: 'network-only' });
    setBusy(false);
    const result = data?.backTestRules;
    if (result?.__typename === 'BackTestSuccess') setAnswer({ report: result });
    else setAnswer({ problem: error ? describeFailure(error).message : refusalText(result, error) });
  };

  return (
    <div className={classes.tab}>
      <form className={classes.form} onSubmit={run} aria-label="Back-test">
        <p className={classes.what}>
          {draft.isChanged
            ? 'The draft of the rules is tried on requests that were recorded; nothing is sent to a model.'
            : 'There is no draft: the rules in force are tried on requests that were recorded, with another strategy if you choose one.'}
        </p>
        <div className={classes.fields}>
          <Select
            label="Traffic of"
            data={ranges}
            value={hours}
            allowDeselect={false}
            onChange={(value) => value && setHours(value)}
          />
          <Select
            label="With the strategy"
            placeholder="that was used"
            clearable
            data={strategyChoices.map(({ value, label }) => ({ value, label }))}
            value={strategy}
            onChange={(value) => setStrategy(value as Strategy | null)}
          />
          <Button type="submit" leftSection={<IconHistory size={16} />} loading={isBusy} disabled={hasErrors}>
            Run the back-test
          </Button>
        </div>
        {strategy === 'BALANCED' ? <WeightSliders weights={weights} onChange={setWeights} /> : null}
        {hasErrors ? <p className={classes.warning}>The draft has errors: mend them first.</p> : null}
      </form>
      <div aria-live="polite">
        {answer === undefined ? null : 'problem' in answer ? (
          <p className={classes.problem} role="alert">
            {answer.problem}
          </p>
        ) : (
          <ReportView report={answer.report} />
        )}
      </div>
    </div>
  );
}

const money = (value: Report['costPerCall']['draft']): Interval | null =>
  value && { mean: Number(value.meanUsd), low: Number(value.lowUsd), high: Number(value.highUsd) };

function ReportView({ report }: { report: Report }) {
  const { decisions, recorded, isSample, movedShare, unroutableShare, coveredShare, effectiveDecisions, isReliable } =
    report;
  if (decisions === 0)
    return (
      <EmptyState title="Nothing was recorded in that time">
        A back-test needs decisions of the router: requests for auto, or such that rules took part in. Run a comparison
        with auto, or look at a longer time.
      </EmptyState>
    );
  return (
    <div className={classes.report}>
      <dl className={classes.facts}>
        <div>
          <dt>would go elsewhere</dt>
          <dd>{formatShare(movedShare)}</dd>
        </div>
        <div data-tone={unroutableShare > 0 ? 'bad' : undefined}>
          <dt>no model left for</dt>
          <dd>{formatShare(unroutableShare)}</dd>
        </div>
        <div>
          <dt>{isSample ? `newest of ${formatCount(recorded)} decisions` : 'decisions'}</dt>
          <dd>{formatCount(decisions)}</dd>
        </div>
        <div>
          <dt>of what the draft does was ever tried</dt>
          <dd>{formatShare(coveredShare)}</dd>
        </div>
      </dl>
      {isReliable ? null : (
        <p className={classes.caution}>
          <IconAlertTriangle size={16} aria-hidden="true" />
          <span>
            <strong>Cannot tell much.</strong> Only {formatShare(coveredShare)} of what the draft would do was tried in
            that time, worth about {formatCount(effectiveDecisions)} independent decisions. The share that moves is
            exact; cost, latency and quality are hints at most. Traffic that always went to one model says nothing of
            the others: a strategy with some chance in it (adaptive, weighted) would.
          </span>
        </p>
      )}
      <div className={classes.intervals}>
        <BackTestIntervals
          title="Cost of a call"
          kind="cost"
          better="lower"
          recorded={fromZero(money(report.costPerCall.recorded))}
          draft={fromZero(money(report.costPerCall.draft))}
          isReliable={isReliable}
        />
        <BackTestIntervals
          title="Latency"
          kind="latency"
          better="lower"
          recorded={fromZero(report.latencyMs.recorded)}
          draft={fromZero(report.latencyMs.draft)}
          isReliable={isReliable}
        />
        <BackTestIntervals title="Quality" kind="quality" better="higher" {...report.quality} isReliable={isReliable} />
      </div>
      <ShareBars shares={report.shares} />
    </div>
  );
}
