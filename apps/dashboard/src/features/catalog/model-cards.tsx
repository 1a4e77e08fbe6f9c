import { Button, Skeleton, Tooltip } from '@mantine/core';
import { IconCoin, IconColumns3 } from '@tabler/icons-react';
import { formatCompact, formatDuration, formatPricePerMillion } from '../../format/number-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { AvailabilityBadge } from './availability-badge.tsx';
import { CapabilityIcons } from './capability-icons.tsx';
import classes from './model-cards.module.css';
import { ModelGlyph } from './model-glyph.tsx';
import { markOf } from './model-identity.ts';
import type { CatalogModel } from './models-page.tsx';
import { OriginBadge } from './origin-badge.tsx';
import { PriceBadges } from './price-badges.tsx';
import { PriceSource } from './price-source.tsx';

function Fact({ term, value, hint }: { term: string; value: string; hint?: string }) {
  return (
    <div className={classes.fact}>
      <dt>{term}</dt>
      <dd title={hint}>{value}</dd>
    </div>
  );
}

function Price({ model }: { model: CatalogModel }) {
  const { price } = model;
  const badges = <PriceBadges origin={price?.origin} changesAt={model.priceChangesAt} />;
  if (!price?.inputPerMillionUsd || !price.outputPerMillionUsd)
    return (
      <p className={classes.source}>
        Price unknown: {model.priceUnknownReason ?? 'not in the price list'} {badges}
      </p>
    );
  return (
    <p className={classes.source}>
      {price.isTiered ? 'Tiered price, first tier shown. ' : ''}
      Price: <PriceSource {...price} /> {badges}
    </p>
  );
}

function Card({ model, onPrice }: { model: CatalogModel; onPrice: (modelId: string) => void }) {
  const { price, measured } = model;
  const perMillion = (value: string | null | undefined) =>
    value === null || value === undefined ? '—' : formatPricePerMillion(value);
  const listed = (value: string | null | undefined) => (price ? perMillion(value) : 'unknown');
  return (
    <article className={classes.card} data-off={model.isAvailable ? undefined : true}>
      <header className={classes.header}>
        <ModelGlyph mark={markOf(model.modelId)} size={18} />
        <div className={classes.names}>
          <h2>{model.displayName}</h2>
          <code>{model.modelId}</code>
        </div>
        <OriginBadge origin={model.origin} isCompact />
      </header>
      <p className={classes.description}>{model.description}</p>
      <div className={classes.line}>
        <AvailabilityBadge
          isAvailable={model.isAvailable}
          reason={model.unavailableReason}
          retiresOn={model.retiresOn}
        />
        <CapabilityIcons capabilities={model.capabilities} size={16} />
      </div>
      <dl className={classes.facts}>
        <Fact term="Input / 1M" value={listed(price?.inputPerMillionUsd)} />
        <Fact term="Output / 1M" value={listed(price?.outputPerMillionUsd)} />
        <Fact term="Cached / 1M" value={perMillion(price?.cachedInputPerMillionUsd)} />
        <Fact term="Context" value={model.contextWindowTokens ? formatCompact(model.contextWindowTokens) : '—'} />
        <Fact term="Output cap" value={model.maxOutputTokens ? formatCompact(model.maxOutputTokens) : '—'} />
        <Fact
          term="First token"
          value={measured?.timeToFirstTokenP50Ms ? formatDuration(measured.timeToFirstTokenP50Ms) : '—'}
          hint={
            measured
              ? `median of ${measured.calls} calls in seven days; p95 of the whole call ${measured.latencyP95Ms ? formatDuration(measured.latencyP95Ms) : 'unknown'}`
              : 'not measured yet'
          }
        />
      </dl>
      <footer className={classes.footer}>
        <div className={classes.small}>
          <Price model={model} />
          {model.equivalents.length > 0 ? (
            <p className={classes.source}>
              Like{' '}
              {model.equivalents.slice(0, 2).map((other, index) => (
                <span key={other.id}>
                  {index > 0 ? ', ' : ''}
                  <AppLink href={`/models?search=${encodeURIComponent(other.modelId)}`}>{other.displayName}</AppLink>
                </span>
              ))}
            </p>
          ) : null}
        </div>
        <div className={classes.actions}>
          <Button
            variant="default"
            size="xs"
            flex="none"
            leftSection={<IconCoin size={14} />}
            onClick={() => onPrice(model.modelId)}
            aria-label={price ? `Price of ${model.displayName}` : `Set a price for ${model.displayName}`}
          >
            {price ? 'Price' : 'Set a price'}
          </Button>
          <Tooltip label="Opens Compare with this model chosen">
            <Button
              component={AppLink}
              href={`/compare?models=${encodeURIComponent(model.modelId)}`}
              variant="default"
              size="xs"
              flex="none"
              leftSection={<IconColumns3 size={14} />}
              aria-label={`Compare ${model.displayName} with others`}
            >
              Compare
            </Button>
          </Tooltip>
        </div>
      </footer>
    </article>
  );
}

export function ModelCards({ models, onPrice }: { models: CatalogModel[]; onPrice: (modelId: string) => void }) {
  return (
    <div className={classes.grid}>
      {models.map((model) => (
        <Card key={model.id} model={model} onPrice={onPrice} />
      ))}
    </div>
  );
}

export function ModelCardsSkeleton() {
  return (
    <div className={classes.grid} aria-busy="true">
      {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
        <Skeleton key={key} h={318} radius={12} />
      ))}
    </div>
  );
}
