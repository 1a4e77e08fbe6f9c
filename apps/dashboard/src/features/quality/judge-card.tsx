'use client';

import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconStar } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useQuery } from 'urql';
import { formatCount } from '../../format/number-format.ts';
import { JudgeReportOfDocument, type JudgeReportOfQuery } from '../../gql/quality.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { useMayRun } from '../health/use-may-run.ts';
import { AgreementFigure } from './agreement-figure.tsx';
import classes from './judge-card.module.css';
import pageClasses from './quality-page.module.css';
import { partsOf, scorerWords } from './scorer-kinds.ts';

const RateDialog = dynamic(() => import('./rate-dialog.tsx').then((module) => module.RateDialog), { ssr: false });

type Report = NonNullable<NonNullable<JudgeReportOfQuery['savedScorer']>['judgeReport']>;

interface Props {
  scorer: {
    id: string;
    name: string;
    description: string | null;
    content: unknown;
    version: number;
    usedByCount: number;
  };
  href: string;
}

/** A judge and what people make of it: agreement with its interval, whether it prefers a place or its own kind. */
export function JudgeCard({ scorer, href }: Props) {
  const mayRate = useMayRun();
  const [isRating, setRating] = useState(false);
  const [{ data, error }, reload] = useQuery({
    query: JudgeReportOfDocument,
    variables: { id: scorer.id },
    requestPolicy: 'cache-and-network',
  });
  const report = data?.savedScorer?.judgeReport;
  // What a pairwise judge says is measured against votes, not against ratings.
  const isPair = partsOf(scorer.content).settings.type === 'pairwise';
  return (
    <section className={pageClasses.card} aria-label={scorer.name}>
      <header className={classes.head}>
        <div>
          <h2>
            <AppLink href={href} className={pageClasses.link}>
              {scorer.name}
            </AppLink>
          </h2>
          <p>
            {scorerWords(scorer.content)}; version {scorer.version};{' '}
            {scorer.usedByCount === 1 ? '1 test' : `${scorer.usedByCount} tests`}
          </p>
          {scorer.description ? <p>{scorer.description}</p> : null}
        </div>
        {mayRate && scorer.usedByCount > 0 ? (
          <Button variant="default" leftSection={<IconStar size={16} />} onClick={() => setRating(true)}>
            {isPair ? 'Vote on pairs' : 'Rate answers'}
          </Button>
        ) : null}
      </header>
      {error && !data ? (
        <p className={pageClasses.refusal}>
          {describeFailure(error).message}{' '}
          <Button size="compact-xs" variant="default" onClick={() => reload({ requestPolicy: 'network-only' })}>
            Try again
          </Button>
        </p>
      ) : null}
      {!data && !error ? <Skeleton h={90} radius={8} /> : null}
      {data && !report ? (
        <p className={pageClasses.hint}>
          Not measured yet: no test has used it. Name it in a test, then rate some of the answers, and it is compared
          with you.
        </p>
      ) : null}
      {report ? <ReportView report={report} /> : null}
      {isRating ? (
        <RateDialog
          scorerId={scorer.id}
          isPair={isPair}
          onClose={() => {
            setRating(false);
            reload({ requestPolicy: 'network-only' });
          }}
        />
      ) : null}
    </section>
  );
}

const basisWords: Readonly<Record<string, string>> = { ratings: 'With ratings', votes: 'With blind votes' };

function ReportView({ report }: { report: Report }) {
  const { agreements, positionBias, selfPreference, words, verdicts, tests } = report;
  return (
    <>
      <p className={classes.basis}>
        {formatCount(verdicts)} verdicts in {tests === 1 ? '1 test' : `${tests} tests`}.
      </p>
      {words.length > 0 ? (
        <ul className={classes.words}>
          {words.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      ) : null}
      <div className={classes.figures}>
        {agreements.map(({ basis, n, judgements, kappa, alpha, shareAgreed, peopleAlpha }) => (
          <section key={basis}>
            <h3>{basisWords[basis] ?? basis}</h3>
            <p className={classes.basis}>
              {formatCount(n)} that both judged, {formatCount(judgements)} by people
            </p>
            {kappa.cannotTell && shareAgreed.cannotTell ? (
              <p className={classes.basis}>Cannot tell. {kappa.cannotTell}</p>
            ) : (
              <dl>
                <AgreementFigure label="Cohen’s kappa" hint="0 is chance, 1 is perfect." figure={kappa} {...scale} />
                <AgreementFigure label="Krippendorff’s alpha" figure={alpha} {...scale} />
                <AgreementFigure label="Chose the same" figure={shareAgreed} from={0} to={1} asPercent />
                <AgreementFigure
                  label="People among themselves"
                  hint="More cannot be asked of a judge."
                  figure={peopleAlpha}
                  {...scale}
                />
              </dl>
            )}
          </section>
        ))}
        {positionBias ? (
          <section>
            <h3>
              Place <Flag isBad={positionBias.isBiased} isKnown={positionBias.pValue !== null} bad="prefers a place" />
            </h3>
            <p className={classes.basis}>
              {formatCount(positionBias.pairs)} pairs in both orders
              {positionBias.pValue === null ? '' : `; p = ${positionBias.pValue.toPrecision(2)}`}
            </p>
            <dl>
              <AgreementFigure
                label="Changed its mind with the order"
                figure={positionBias.changed}
                from={0}
                to={1}
                asPercent
              />
              <AgreementFigure
                label="Of those, for the first place"
                figure={positionBias.firstPlace}
                from={0}
                to={1}
                neutral={0.5}
                asPercent
              />
            </dl>
          </section>
        ) : null}
        <section>
          <h3>
            Its own kind{' '}
            <Flag
              isBad={selfPreference.isFlagged}
              isKnown={selfPreference.excess.estimate !== null}
              bad="prefers its own"
            />
          </h3>
          <p className={classes.basis}>
            {formatCount(selfPreference.ownVerdicts)} verdicts on its own model or vendor,{' '}
            {formatCount(selfPreference.otherVerdicts)} on others
          </p>
          <dl>
            <AgreementFigure
              label="Likes its own more than people do"
              hint={
                selfPreference.ownMean === null || selfPreference.otherMean === null
                  ? undefined
                  : `Mean ${selfPreference.ownMean.toFixed(2)} for its own, ${selfPreference.otherMean.toFixed(2)} for others.`
              }
              figure={selfPreference.excess}
              from={-1}
              to={1}
              neutral={0}
            />
          </dl>
        </section>
      </div>
    </>
  );
}

const scale = { from: -0.2, to: 1, neutral: 0 } as const;

function Flag({ isBad, isKnown, bad }: { isBad: boolean; isKnown: boolean; bad: string }) {
  const tone = isBad ? 'bad' : isKnown ? 'good' : 'unknown';
  return (
    <span className={classes.flag} data-tone={tone}>
      {tone === 'bad' ? <IconAlertTriangle size={13} aria-hidden="true" /> : null}
      {tone === 'good' ? <IconCheck size={13} aria-hidden="true" /> : null}
      {{ bad, good: 'no preference shown', unknown: 'too few to tell' }[tone]}
    </span>
  );
}
