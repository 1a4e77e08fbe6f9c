import { IconBulb } from '@tabler/icons-react';
import { formatDayAndClock } from '../../format/date-format.ts';
import { formatCount, formatDuration, formatShare, formatUsd } from '../../format/number-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import tableClasses from '../../shell/table.module.css';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import { changeText } from './report-figures.ts';
import classes from './reports.module.css';
import { WeekDays } from './week-days.tsx';
import {
  dimensionWords,
  moverLink,
  verdictWords,
  type WeekReport,
  weekEndWords,
  weekLines,
  weekWords,
} from './week-words.ts';

type Evidence = WeekReport['recommendations'][number]['from'];

/** One week: figures beside the week before and four weeks, advice with its evidence, movers, models, trouble, budgets. */
export function WeeklyReportView({ report, isSoFar }: { report: WeekReport; isSoFar: boolean }) {
  return (
    <article className={classes.week} aria-label={`Week from ${weekWords(report.weekStart)}`}>
      <header className={classes.weekHead}>
        <h2>
          {weekWords(report.weekStart)} to {weekEndWords(report.weekStart)} {isSoFar ? 'so far' : ''}
        </h2>
        <p>
          By the days of {report.timeZone}. Made {formatDayAndClock(report.builtAt)}.{' '}
          <OriginBadge origin={report.origin} />
        </p>
      </header>
      <FigureLines report={report} isSoFar={isSoFar} />
      <WeekDays report={report} />
      <section className={classes.weekPart} aria-labelledby="week-advice">
        <h3 id="week-advice">What could be saved</h3>
        {report.recommendations.length === 0 ? (
          <p className={classes.quiet}>
            {isSoFar
              ? 'Advice is given when the week is over.'
              : 'The calls show nothing for sure. Advice needs two models at the same step or kind of task, each with judged answers.'}
          </p>
        ) : (
          report.recommendations.map((advice) => (
            <div key={advice.text} className={classes.advice}>
              <IconBulb size={20} stroke={1.6} aria-hidden="true" />
              <div>
                <p>
                  <strong>{advice.text}</strong> At least {formatUsd(advice.savedAtLeastUsd)}, with 95 %.
                </p>
                <p className={classes.small}>
                  <EvidenceWords side={advice.from} /> <EvidenceWords side={advice.to} />
                </p>
              </div>
            </div>
          ))
        )}
      </section>
      {report.movers.length > 0 ? (
        <section className={classes.weekPart} aria-labelledby="week-movers">
          <h3 id="week-movers">What changed most</h3>
          <ul className={classes.movers}>
            {report.movers.map((mover) => (
              <li key={`${mover.dimension} ${mover.value}`}>
                <span className={classes.small}>{dimensionWords[mover.dimension] ?? mover.dimension}</span>
                <AppLink href={moverLink(report, mover.dimension, mover.value)}>{mover.label}</AppLink>
                <span>
                  {formatUsd(mover.previousCostUsd)} → {formatUsd(mover.costUsd)}
                </span>
                <strong>
                  {Number(mover.changeUsd) > 0 ? '+' : '−'}
                  {formatUsd(mover.changeUsd.replace('-', ''))}
                </strong>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {report.models.length > 0 ? <ModelLines report={report} /> : null}
      <section className={classes.weekPart} aria-labelledby="week-incidents">
        <h3 id="week-incidents">Trouble of providers</h3>
        {report.incidents.length === 0 ? (
          <p className={classes.quiet}>There was none.</p>
        ) : (
          <ul className={classes.lines}>
            {report.incidents.map((incident) => (
              <li key={incident.incidentId}>
                <AppLink href={`/health?incident=${encodeURIComponent(incident.incidentId)}`}>
                  {incident.provider} {incident.severity === 'down' ? 'was down' : 'was degraded'}
                </AppLink>
                <span>
                  {formatDayAndClock(incident.startedAt)}
                  {incident.closedAt
                    ? `, for ${formatDuration(Date.parse(incident.closedAt) - Date.parse(incident.startedAt))}`
                    : ', not over when this was made'}
                  ; {formatCount(incident.failedCalls)} failed, {formatCount(incident.fallbackCalls)} answered by
                  others; cost {formatUsd(incident.billUsd)}
                  {incident.isPartial ? ' or more' : ''}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
      {report.budgets.length > 0 ? (
        <section className={classes.weekPart} aria-labelledby="week-budgets">
          <h3 id="week-budgets">Budgets</h3>
          <ul className={classes.lines}>
            {report.budgets.map((budget) => (
              <li key={budget.budgetId}>
                <AppLink href={`/guardrails?budget=${encodeURIComponent(budget.budgetId)}`}>{budget.name}</AppLink>
                <span>
                  {amount(budget.unit, budget.spent)} of {amount(budget.unit, budget.limit)} per {budget.window}
                  {budget.share === null ? '' : `, ${formatShare(budget.share)}`}
                  {budget.refused > 0 ? `; ${formatCount(budget.refused)} calls refused` : ''}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </article>
  );
}

const amount = (unit: string, value: string) =>
  unit === 'cost' ? formatUsd(value) : `${formatCount(Number(value))} ${unit === 'tokens' ? 'tokens' : 'calls'}`;

function EvidenceWords({ side }: { side: Evidence }) {
  return (
    <span className={classes.evidence}>
      {side.model}: {formatUsd(side.costPerSuccessUsd)} per success, quality {side.quality.toFixed(2)} (
      {side.qualityLow.toFixed(2)} to {side.qualityHigh.toFixed(2)}, {formatCount(side.judged)} judged),{' '}
      {formatShare(side.successRate)} success, median {formatDuration(side.latencyP50Ms)}, {formatCount(side.calls)}{' '}
      calls.
    </span>
  );
}

function FigureLines({ report, isSoFar }: { report: WeekReport; isSoFar: boolean }) {
  const { total, previous, mean } = report;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={tableClasses.frame} tabIndex={0} aria-label="Figures of the week">
      <table className={`${tableClasses.table} ${classes.weekTable}`}>
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col" className={tableClasses.number}>
              {isSoFar ? 'So far' : 'Week'}
            </th>
            <th scope="col" className={tableClasses.number}>
              {isSoFar ? 'Same time last week' : 'Week before'}
            </th>
            <th scope="col" className={tableClasses.number}>
              Change
            </th>
            {mean ? (
              <th scope="col" className={tableClasses.number}>
                Mean of {report.meanWeeks} {report.meanWeeks === 1 ? 'week' : 'weeks'}
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {weekLines.map(({ label, read, format, verdict }) => {
            const [now, before, usual] = [read(total), read(previous), mean ? read(mean) : undefined];
            const words = verdict ? verdictWords[verdict(report)] : '';
            return (
              <tr key={label}>
                <th scope="row">
                  {label}
                  {words ? <span className={classes.verdict}>{words}</span> : null}
                </th>
                <td className={tableClasses.number}>
                  <strong>{now === undefined ? '—' : format(now)}</strong>
                </td>
                <td className={tableClasses.number}>{before === undefined ? '—' : format(before)}</td>
                <td className={tableClasses.number}>
                  {now === undefined || before === undefined ? '—' : (changeText(now, before) ?? '—')}
                </td>
                {mean ? <td className={tableClasses.number}>{usual === undefined ? '—' : format(usual)}</td> : null}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function ModelLines({ report }: { report: WeekReport }) {
  return (
    <section className={classes.weekPart} aria-labelledby="week-models">
      <h3 id="week-models">Models</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className={tableClasses.frame} tabIndex={0} aria-label="Models of the week">
        <table className={`${tableClasses.table} ${classes.weekTable}`}>
          <thead>
            <tr>
              <th scope="col">Model</th>
              {['Calls', 'Success', 'Median', '95 %', 'Spend', 'Week before'].map((head) => (
                <th key={head} scope="col" className={tableClasses.number}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {report.models.map(({ model, figures, previousCostUsd }) => (
              <tr key={model}>
                <th scope="row">
                  <AppLink href={moverLink(report, 'model', model)}>{model}</AppLink>
                </th>
                <td className={tableClasses.number}>{formatCount(figures.calls)}</td>
                <td className={tableClasses.number}>
                  {figures.successRate === null ? '—' : formatShare(figures.successRate)}
                </td>
                <td className={tableClasses.number}>
                  {figures.latencyP50Ms === null ? '—' : formatDuration(figures.latencyP50Ms)}
                </td>
                <td className={tableClasses.number}>
                  {figures.latencyP95Ms === null ? '—' : formatDuration(figures.latencyP95Ms)}
                </td>
                <td className={tableClasses.number}>{formatUsd(figures.costUsd)}</td>
                <td className={tableClasses.number}>{formatUsd(previousCostUsd)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
