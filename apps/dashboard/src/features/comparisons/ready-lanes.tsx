'use client';

import { Skeleton } from '@mantine/core';
import { formatCompact, formatDuration, formatPricePerMillion } from '../../format/number-format.ts';
import { CapabilityIcons } from '../catalog/capability-icons.tsx';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { distinctMarks, distinctNames } from '../catalog/model-identity.ts';
import { askedWords } from '../catalog/model-names.ts';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import type { ModelChoices } from '../catalog/use-model-choices.ts';
import gridClasses from './lane-grid.module.css';
import classes from './ready-lanes.module.css';

/** The lanes before the first run: what each model is and costs, in the places where the answers will be. */
export function ReadyLanes({ modelIds, choices }: { modelIds: readonly string[]; choices: ModelChoices }) {
  const ids = choices.isLoading ? ['', '', ''] : modelIds;
  const rows = Math.max(1, Math.ceil(ids.length / 4));
  const marks = distinctMarks(ids);
  const names = distinctNames(ids.map((id) => choices.byId.get(id)?.displayName ?? id));
  const leadsTo = new Map(choices.names.map((name) => [name.name, askedWords(name)]));
  return (
    <section
      className={`${gridClasses.grid} ${classes.ready}`}
      aria-label="Ready to run"
      data-rows={rows}
      style={{ '--columns': Math.max(1, Math.ceil(ids.length / rows)) } as React.CSSProperties}
    >
      {ids.map((modelId, index) => {
        const model = choices.byId.get(modelId);
        return (
          <article key={`${modelId}-${index}`} className={classes.card}>
            {choices.isLoading ? (
              <Skeleton h={18} w="60%" />
            ) : (
              <header className={classes.header}>
                <ModelGlyph mark={marks[index] ?? 0} size={16} />
                <h2>{names[index]}</h2>
                {model ? <OriginBadge origin={model.origin} /> : null}
              </header>
            )}
            {model ? (
              <dl className={classes.facts}>
                <Fact term="Provider" value={model.provider.displayName} />
                {leadsTo.has(modelId) ? <Fact term="Asks" value={leadsTo.get(modelId) ?? ''} /> : null}
                <Fact
                  term="Price in / out"
                  value={
                    model.price?.inputPerMillionUsd && model.price.outputPerMillionUsd
                      ? `${formatPricePerMillion(model.price.inputPerMillionUsd)} / ${formatPricePerMillion(model.price.outputPerMillionUsd)}`
                      : 'unknown'
                  }
                />
                <Fact
                  term="Context"
                  value={model.contextWindowTokens ? formatCompact(model.contextWindowTokens) : 'unknown'}
                />
                <Fact
                  term="First token, usual"
                  value={
                    model.measured?.timeToFirstTokenP50Ms
                      ? formatDuration(model.measured.timeToFirstTokenP50Ms)
                      : 'not measured yet'
                  }
                />
                <div className={classes.fact}>
                  <dt>Can</dt>
                  <dd>
                    <CapabilityIcons capabilities={model.capabilities} />
                  </dd>
                </div>
              </dl>
            ) : null}
            {model && !model.isAvailable ? <p className={classes.problem}>{model.unavailableReason}</p> : null}
            {!model && !choices.isLoading ? (
              <p className={classes.problem}>The server does not know this model.</p>
            ) : null}
          </article>
        );
      })}
    </section>
  );
}

function Fact({ term, value }: { term: string; value: string }) {
  return (
    <div className={classes.fact}>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  );
}
