'use client';

import { Button } from '@mantine/core';
import { IconFlask2, IconRoute } from '@tabler/icons-react';
import { useState } from 'react';
import { formatUsd } from '../../format/number-format.ts';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { markOf } from '../catalog/model-identity.ts';
import classes from './plan-view.module.css';
import { type Candidate, codeWords, criterionLabels, figureOf, formatChance, type Plan } from './plan-words.ts';
import { strategyLabel } from './strategy-words.ts';

/** More are one press away: who was first is what is asked for. */
const shownAtFirst = 6;

interface Props {
  plan: Plan;
  /** Level of the headings. */
  heading?: 'h2' | 'h3';
}

/** A decision with all its reasons: the sentence, the candidates with their scores, who was rejected, which rules took part. */
export function PlanView({ plan, heading: Heading = 'h3' }: Props) {
  const { candidates, rejected, matchedRules, failedRules, explanation } = plan;
  const [chosen] = candidates;
  const [showsAll, setShowsAll] = useState(false);
  const hidden = candidates.length - shownAtFirst;
  return (
    <div className={classes.plan}>
      <div className={classes.verdict} data-empty={chosen ? undefined : true}>
        <IconRoute size={18} aria-hidden="true" />
        <div>
          <p className={classes.chosen}>
            {chosen ? (
              <>
                <ModelGlyph mark={markOf(chosen.modelId)} /> {chosen.modelId}
              </>
            ) : (
              'No model may serve this request'
            )}
          </p>
          <p className={classes.sentence}>{explanation}</p>
          <p className={classes.meta}>
            Strategy: {strategyLabel(plan.strategy)}
            {chosen?.propensity != null ? ` · chosen with a chance of ${formatChance(chosen.propensity)}` : ''}
          </p>
          {plan.isExploration ? (
            <p className={classes.exploration}>
              <IconFlask2 size={14} aria-hidden="true" /> Tried to learn: it is not the one expected to be best.
            </p>
          ) : null}
        </div>
      </div>
      {candidates.length > 0 ? (
        <section className={classes.section}>
          <Heading className={classes.title}>Candidates, in the order in which they are asked</Heading>
          <ol className={classes.candidates}>
            {(showsAll ? candidates : candidates.slice(0, shownAtFirst)).map((candidate, index) => (
              <CandidateRow key={candidate.modelId} candidate={candidate} isChosen={index === 0} />
            ))}
          </ol>
          {hidden > 0 ? (
            <div>
              <Button variant="default" size="compact-sm" onClick={() => setShowsAll((value) => !value)}>
                {showsAll ? 'Show the first only' : `Show ${hidden} more`}
              </Button>
            </div>
          ) : null}
        </section>
      ) : null}
      {matchedRules.length + failedRules.length > 0 ? (
        <section className={classes.section}>
          <Heading className={classes.title}>Rules that took part</Heading>
          <ul className={classes.reasons}>
            {matchedRules.map(({ ruleId, name, effects }) => (
              <li key={ruleId}>
                <strong>{name}</strong>
                <span>{effects.join('; ')}</span>
              </li>
            ))}
            {failedRules.map(({ ruleId, name, problem, isEnforced }) => (
              <li key={`failed-${ruleId}`} data-tone="warn">
                <strong>{name}</strong>
                <span>
                  could not be evaluated: {problem}{' '}
                  {isEnforced ? 'What it forbids was forbidden, to be safe.' : 'It had no effect.'}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {rejected.length > 0 ? (
        <section className={classes.section}>
          <Heading className={classes.title}>
            Rejected <span className={classes.count}>{rejected.length}</span>
          </Heading>
          <ul className={classes.reasons}>
            {rejected.map(({ modelId, code, reason }) => (
              <li key={`${modelId}${code}`}>
                <strong>
                  {modelId} <span className={classes.code}>{codeWords(code)}</span>
                </strong>
                <span>{reason}</span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  );
}

function CandidateRow({ candidate, isChosen }: { candidate: Candidate; isChosen: boolean }) {
  const { modelId, score, criteria, propensity, expectedCostUsd, expectedQuality, substituteFor } = candidate;
  return (
    <li className={classes.candidate} data-chosen={isChosen || undefined}>
      <div className={classes.who}>
        <p className={classes.model}>
          <ModelGlyph mark={markOf(modelId)} size={12} /> {modelId}
          {isChosen ? <span className={classes.first}>chosen</span> : null}
        </p>
        <dl className={classes.figures}>
          <div>
            <dt>score</dt>
            <dd>{score.toFixed(3)}</dd>
          </div>
          <div>
            <dt>chance</dt>
            <dd>{formatChance(propensity)}</dd>
          </div>
          <div>
            <dt>expected</dt>
            <dd>{expectedCostUsd === null ? 'no price' : formatUsd(expectedCostUsd)}</dd>
          </div>
          {expectedQuality === null ? null : (
            <div>
              <dt>learned quality</dt>
              <dd>{expectedQuality.toFixed(2)}</dd>
            </div>
          )}
        </dl>
        {substituteFor ? <p className={classes.meta}>stands in for {substituteFor}</p> : null}
      </div>
      <dl className={classes.criteria}>
        {criteria.map((each) => (
          <div key={each.criterion} className={classes.criterion}>
            <dt>{criterionLabels[each.criterion]}</dt>
            <dd>
              <span className={classes.track} aria-hidden="true">
                <span
                  style={{ width: `${Math.max(1, each.score * 100)}%` }}
                  data-unknown={each.value === null || undefined}
                />
              </span>
              <span className={classes.value}>
                {each.score.toFixed(2)}
                <span className={classes.figure}>{figureOf(each)}</span>
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}
