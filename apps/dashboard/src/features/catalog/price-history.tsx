'use client';

import { ActionIcon, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useMutation } from 'urql';
import { formatMoment } from '../../format/date-format.ts';
import { formatCompact, formatPricePerMillion } from '../../format/number-format.ts';
import { DeletePriceOverrideDocument, type ModelPricesQuery } from '../../gql/catalog.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import { originWords } from './price-badges.tsx';
import { formatPriceDay } from './price-day.ts';
import classes from './price-history.module.css';
import { PriceSource } from './price-source.tsx';

export type PriceEntry = NonNullable<ModelPricesQuery['modelPriceHistory']>[number];

const standings = {
  CURRENT: { word: 'Now', tone: 'good' },
  COMING: { word: 'Coming', tone: 'warn' },
  REPLACED: { word: 'Replaced', tone: 'neutral' },
} as const;

interface Props {
  entries: readonly PriceEntry[];
  mayManage: boolean;
  onChange(): void;
}

/** Past, present and coming prices of a model; those of the team can be taken back. */
export function PriceHistory({ entries, mayManage, onChange }: Props) {
  const [doomed, setDoomed] = useState<PriceEntry>();
  if (entries.length === 0) return <p className={classes.none}>Nobody has listed or set a price yet.</p>;
  return (
    <>
      <ol className={classes.list}>
        {entries.map((entry) => (
          <Entry
            key={entry.override?.id ?? `${entry.price.origin} ${entry.price.model} ${entry.price.effectiveFrom}`}
            entry={entry}
            onDelete={mayManage && entry.override ? () => setDoomed(entry) : undefined}
          />
        ))}
      </ol>
      {doomed ? <DeletePriceDialog entry={doomed} onClose={() => setDoomed(undefined)} onDeleted={onChange} /> : null}
    </>
  );
}

function Entry({ entry, onDelete }: { entry: PriceEntry; onDelete: (() => void) | undefined }) {
  const { price, standing, override } = entry;
  const { word, tone } = standings[standing];
  const { inputPerMillionUsd: input, outputPerMillionUsd: output } = price;
  return (
    <li className={classes.entry} data-off={standing === 'REPLACED' || undefined}>
      <div className={classes.main}>
        <p className={classes.line}>
          <span className={classes.standing} data-tone={tone}>
            {word}
          </span>
          <strong>{price.effectiveFrom ? `from ${formatPriceDay(price.effectiveFrom)}` : 'undated'}</strong>
          <span>{originWords[price.origin]}</span>
        </p>
        <p className={classes.rates}>
          {input ? formatPricePerMillion(input) : '—'} in, {output ? formatPricePerMillion(output) : '—'} out
          {price.cachedInputPerMillionUsd ? `, ${formatPricePerMillion(price.cachedInputPerMillionUsd)} cached` : ''}
          {price.cacheWritePerMillionUsd ? `, ${formatPricePerMillion(price.cacheWritePerMillionUsd)} cache write` : ''}
        </p>
        {price.tiers.map((tier) => (
          <p key={tier.aboveInputTokens} className={classes.detail}>
            above {formatCompact(tier.aboveInputTokens)}:{' '}
            {tier.inputPerMillionUsd ? formatPricePerMillion(tier.inputPerMillionUsd) : '—'} in,{' '}
            {tier.outputPerMillionUsd ? formatPricePerMillion(tier.outputPerMillionUsd) : '—'} out
          </p>
        ))}
        <p className={classes.detail}>
          {override ? (
            <>
              {override.createdByName ? `set by ${override.createdByName}` : 'set by an API key'} on{' '}
              {formatMoment(override.createdAt)}
              {override.note ? `: ${override.note}` : ''}
            </>
          ) : (
            <PriceSource source={price.source} sourceUrl={price.sourceUrl} />
          )}
          {price.model ? (
            <>
              {' '}
              for <code>{price.model}</code>
            </>
          ) : null}
        </p>
      </div>
      {onDelete ? (
        <Tooltip label="Take this price back">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Delete the price from ${price.effectiveFrom ? formatPriceDay(price.effectiveFrom) : 'always'}`}
            onClick={onDelete}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Tooltip>
      ) : null}
    </li>
  );
}

function DeletePriceDialog({
  entry: { price, override, standing },
  onClose,
  onDeleted,
}: {
  entry: PriceEntry;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const [{ fetching }, remove] = useMutation(DeletePriceOverrideDocument);
  const confirm = async () => {
    const { data, error } = await remove({ input: { priceOverrideId: override?.id ?? '' } });
    const result = data?.deletePriceOverride;
    if (result?.__typename === 'DeletePriceOverrideSuccess') {
      notifications.show({ message: 'The price is taken back.' });
      onDeleted();
    } else
      notifications.show({
        color: 'red',
        message: error ? describeFailure(error).message : (result?.message ?? 'It was not deleted. Try again.'),
      });
    onClose();
  };
  return (
    <ConfirmDialog
      title="Take this price back?"
      confirmLabel="Delete price"
      isBusy={fetching}
      onConfirm={confirm}
      onClose={onClose}
    >
      The price of <strong>{price.model}</strong> from{' '}
      {price.effectiveFrom ? formatPriceDay(price.effectiveFrom) : 'always'} is gone.{' '}
      {standing === 'CURRENT'
        ? 'Calls that start from now on are charged at what is next in line; what was charged stays.'
        : 'What was charged stays.'}
    </ConfirmDialog>
  );
}
