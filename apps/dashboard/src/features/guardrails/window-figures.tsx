'use client';

import { Tooltip } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { formatMoment } from '../../format/date-format.ts';
import { BudgetBar } from './budget-bar.tsx';
import classes from './budget-card.module.css';
import type { ListedBudget, WindowView } from './budget-view.ts';
import { formatAmount, formatLeft, windowWords } from './budget-words.ts';

/** One window of a budget: its bar, its figures, and how it will end. */
export function WindowFigures({ budget, window, now }: { budget: ListedBudget; window: WindowView; now: number }) {
  const { unit } = budget;
  const { forecast } = window;
  const leftMs = window.resetsAt ? Date.parse(window.resetsAt) - now : undefined;
  const isUsed = Number(window.spent) + Number(window.reserved) > 0;
  return (
    <div className={classes.window} data-origin={window.origin}>
      <p className={classes.windowHead}>
        <span className={classes.used}>
          <strong>{formatAmount(unit, window.spent)}</strong>
          <span>
            {' '}
            of {formatAmount(unit, window.limit)} {windowWords(budget.window).now}
          </span>
        </span>
        {window.subject ? <span className={classes.chip}>{window.subject}</span> : null}
        {window.origin === 'SIMULATED' ? (
          <span className={classes.simulated}>
            <IconFlask size={12} stroke={1.8} aria-hidden="true" /> simulated
          </span>
        ) : (
          <span className={classes.live}>live</span>
        )}
      </p>
      <BudgetBar budget={budget} window={window} />
      <dl className={classes.figures}>
        <Figure name="Spent" swatch="spent" value={formatAmount(unit, window.spent)} />
        <Figure
          name="Reserved"
          swatch="reserved"
          value={formatAmount(unit, window.reserved)}
          hint="Held for calls that run. What they do not use comes back."
        />
        <Figure name="Free" swatch="free" value={formatAmount(unit, window.free)} />
        {forecast?.projectedAtEnd ? (
          <Figure
            name="Forecast"
            swatch="forecast"
            value={formatAmount(unit, forecast.projectedAtEnd)}
            hint={`At the end of the window, probably between ${formatAmount(unit, forecast.low ?? 0)} and ${formatAmount(unit, forecast.high ?? 0)}.`}
          />
        ) : null}
        {/* A window that has ended starts anew with its next call; until then there is nothing to count down. */}
        {leftMs === undefined || leftMs <= 0 ? null : (
          <Figure
            name="Resets in"
            value={formatLeft(leftMs)}
            hint={window.resetsAt ? formatMoment(window.resetsAt) : ''}
          />
        )}
        {forecast?.burnRate == null || !isUsed ? null : (
          <Figure
            name="Burn rate"
            value={`${forecast.burnRate.toFixed(forecast.burnRate < 10 ? 1 : 0)}×`}
            hint="Share of the limit used, by the share of the window gone. 1× ends exactly at the limit."
          />
        )}
        {forecast?.perHour && isUsed && Number(forecast.perHour) > 0 ? (
          <Figure name="Pace" value={`${formatAmount(unit, forecast.perHour)} an hour`} />
        ) : null}
      </dl>
      <Outlook budget={budget} window={window} now={now} />
    </div>
  );
}

function Figure({ name, value, swatch, hint }: { name: string; value: string; swatch?: string; hint?: string }) {
  const content = <dd>{value}</dd>;
  return (
    <div className={classes.figure}>
      <dt>
        {swatch ? <span className={classes.swatch} data-kind={swatch} aria-hidden="true" /> : null}
        {name}
      </dt>
      {hint ? (
        <Tooltip label={hint} multiline maw={260}>
          {content}
        </Tooltip>
      ) : (
        content
      )}
    </div>
  );
}

/** What will happen, in one sentence. */
function Outlook({ budget, window, now }: { budget: ListedBudget; window: WindowView; now: number }) {
  const { forecast } = window;
  if (Number(window.free) <= 0 && Number(window.limit) >= 0 && Number(window.spent) + Number(window.reserved) > 0)
    return (
      <p className={classes.outlook} data-tone="bad">
        {budget.mode === 'HARD' ? 'Used up: calls are refused' : 'Used up; it is soft, so calls go on'}
        {window.resetsAt ? ` until ${formatMoment(window.resetsAt)}` : ''}.
      </p>
    );
  if (!forecast) return null;
  const parts: string[] = [];
  if (forecast.runsLeft) {
    const { likely, low, high, kind } = forecast.runsLeft;
    const noun = kind === 'RUNS' ? 'runs' : 'calls';
    parts.push(
      `About ${likely.toLocaleString('en-US')} ${noun} left (${low.toLocaleString('en-US')} to ${high.toLocaleString('en-US')})`,
    );
  }
  if (forecast.exhaustedAt && Date.parse(forecast.exhaustedAt) > now)
    parts.push(
      `at this pace used up in ${formatLeft(Date.parse(forecast.exhaustedAt) - now)}, ${formatMoment(forecast.exhaustedAt)}`,
    );
  if (parts.length === 0 && forecast.cannotTellReason) parts.push(forecast.cannotTellReason);
  if (parts.length === 0) return null;
  const sentence = parts.join('; ');
  return (
    <p className={classes.outlook} data-tone={forecast.exhaustedAt ? 'warn' : undefined}>
      {sentence.charAt(0).toUpperCase() + sentence.slice(1)}
      {sentence.endsWith('.') ? '' : '.'}
    </p>
  );
}
