import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconCoin } from '@tabler/icons-react';
import { formatCompact, formatDuration, formatPricePerMillion } from '../../format/number-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import tableClasses from '../../shell/table.module.css';
import { AvailabilityBadge } from './availability-badge.tsx';
import { CapabilityIcons } from './capability-icons.tsx';
import { ModelGlyph } from './model-glyph.tsx';
import { markOf } from './model-identity.ts';
import classes from './model-table.module.css';
import type { CatalogModel } from './models-page.tsx';
import { OriginBadge } from './origin-badge.tsx';
import { PriceBadges } from './price-badges.tsx';
import { PriceSource } from './price-source.tsx';

export function ModelTable({ models, onPrice }: { models: CatalogModel[]; onPrice: (modelId: string) => void }) {
  const perMillion = (value: string | null | undefined) =>
    value === null || value === undefined ? '—' : formatPricePerMillion(value);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={tableClasses.frame} tabIndex={0} aria-label="Models">
      <table className={tableClasses.table}>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Provider</th>
            <th scope="col">Can</th>
            <th scope="col" className={tableClasses.number}>
              Context
            </th>
            <th scope="col" className={tableClasses.number}>
              Output cap
            </th>
            <th scope="col" className={tableClasses.number}>
              In / out per 1M
            </th>
            <th scope="col" className={tableClasses.number}>
              First token
            </th>
            <th scope="col" className={tableClasses.number}>
              p95
            </th>
            <th scope="col">Status</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <tr key={model.id}>
              <td>
                <span className={classes.model}>
                  <ModelGlyph mark={markOf(model.modelId)} />
                  <span>
                    <span className={classes.name}>{model.displayName}</span>
                    <code className={classes.id} title={model.modelId}>
                      {model.modelId}
                    </code>
                  </span>
                </span>
              </td>
              <td className={classes.provider}>
                {model.provider.displayName} <OriginBadge origin={model.origin} isCompact />
              </td>
              <td>
                <CapabilityIcons capabilities={model.capabilities} />
              </td>
              <td className={tableClasses.number}>
                {model.contextWindowTokens ? formatCompact(model.contextWindowTokens) : '—'}
              </td>
              <td className={tableClasses.number}>
                {model.maxOutputTokens ? formatCompact(model.maxOutputTokens) : '—'}
              </td>
              <td className={tableClasses.number}>
                {model.price
                  ? `${perMillion(model.price.inputPerMillionUsd)} / ${perMillion(model.price.outputPerMillionUsd)}`
                  : 'unknown'}
                <span className={classes.price}>{model.price ? <PriceSource {...model.price} isShort /> : null}</span>
                <span className={classes.badges}>
                  <PriceBadges origin={model.price?.origin} changesAt={model.priceChangesAt} />
                </span>
              </td>
              <td className={tableClasses.number}>
                {model.measured?.timeToFirstTokenP50Ms ? formatDuration(model.measured.timeToFirstTokenP50Ms) : '—'}
              </td>
              <td className={tableClasses.number}>
                {model.measured?.latencyP95Ms ? formatDuration(model.measured.latencyP95Ms) : '—'}
              </td>
              <td>
                <AvailabilityBadge
                  isAvailable={model.isAvailable}
                  reason={model.unavailableReason}
                  retiresOn={model.retiresOn}
                />
              </td>
              <td className={classes.actions}>
                <Tooltip label={model.price ? 'All prices of this model' : 'Set a price'}>
                  <ActionIcon
                    variant="default"
                    size={22}
                    onClick={() => onPrice(model.modelId)}
                    aria-label={model.price ? `Price of ${model.displayName}` : `Set a price for ${model.displayName}`}
                  >
                    <IconCoin size={14} />
                  </ActionIcon>
                </Tooltip>
                <Button
                  component={AppLink}
                  href={`/compare?models=${encodeURIComponent(model.modelId)}`}
                  variant="default"
                  size="compact-xs"
                  aria-label={`Compare ${model.displayName} with others`}
                >
                  Compare
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
