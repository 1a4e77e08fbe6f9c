import { ActionIcon, Button, NumberInput, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconPlus, IconX } from '@tabler/icons-react';
import { formatUsd } from '../../format/number-format.ts';
import { previewCost } from './preview-cost.ts';
import classes from './price-drawer.module.css';
import { emptyTier, type PriceFormValues, rateFields } from './price-form-values.ts';

type Form = UseFormReturnType<PriceFormValues>;

const previewInput = 1_000;
const previewOutput = 500;

/** Rates, day, tiers and note of a price, and what a usual call would cost. */
export function PriceFields({ form, currentCost }: { form: Form; currentCost: string | undefined }) {
  return (
    <>
      <fieldset className={classes.group}>
        <legend>US dollars per million tokens</legend>
        <div className={classes.rates}>
          {rateFields.map(({ name, label, hint, isRequired }) => (
            <TextInput
              key={name}
              label={label}
              description={hint || undefined}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              withAsterisk={isRequired}
              required={isRequired}
              inputMode="decimal"
              autoComplete="off"
              leftSection="$"
              {...form.getInputProps(name)}
            />
          ))}
          <TextInput
            type="date"
            label="Holds from"
            description="a day in UTC; a later one waits"
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            required
            {...form.getInputProps('effectiveFrom')}
          />
        </div>
      </fieldset>
      <Preview values={form.values} currentCost={currentCost} />
      <Tiers form={form} />
      <Textarea
        label="Note"
        placeholder="For example: contract 2026-17"
        maxLength={500}
        autosize
        minRows={1}
        {...form.getInputProps('note')}
      />
    </>
  );
}

/** What a call of 1,000 tokens in and 500 out costs at these rates. */
export function usualCost(values: Pick<PriceFormValues, 'inputPerMillionUsd' | 'outputPerMillionUsd' | 'tiers'>) {
  const tier = values.tiers.findLast(({ aboveInputTokens }) => Number(aboveInputTokens || Infinity) < previewInput);
  const rates = {
    inputPerMillionUsd: tier?.inputPerMillionUsd || values.inputPerMillionUsd,
    outputPerMillionUsd: tier?.outputPerMillionUsd || values.outputPerMillionUsd,
  };
  return previewCost(rates, previewInput, previewOutput);
}

function Preview({ values, currentCost }: { values: PriceFormValues; currentCost: string | undefined }) {
  const cost = usualCost(values);
  return (
    <p className={classes.preview} role="status">
      A call of 1,000 tokens in and 500 out costs{' '}
      <strong>{cost === undefined ? 'an unknown amount until input and output are given' : formatUsd(cost)}</strong>
      {cost !== undefined && currentCost !== undefined && currentCost !== cost ? `, now ${formatUsd(currentCost)}` : ''}
      .
    </p>
  );
}

function Tiers({ form }: { form: Form }) {
  return (
    <fieldset className={classes.group}>
      <legend>Long requests</legend>
      <p className={classes.note}>
        A tier prices all tokens of a request with more input tokens than its threshold. What it leaves empty stays.
      </p>
      {form.values.tiers.map((tier, index) => (
        <div key={tier.key} className={classes.tier}>
          <div className={classes.tierHead}>
            <NumberInput
              label="Above input tokens"
              min={1}
              hideControls
              allowDecimal={false}
              allowNegative={false}
              thousandSeparator=","
              flex={1}
              {...form.getInputProps(`tiers.${index}.aboveInputTokens`)}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`Remove tier ${index + 1}`}
              onClick={() => form.removeListItem('tiers', index)}
            >
              <IconX size={16} />
            </ActionIcon>
          </div>
          <div className={classes.rates}>
            {rateFields.map(({ name, label }) => (
              <TextInput
                key={name}
                label={label}
                inputMode="decimal"
                autoComplete="off"
                leftSection="$"
                {...form.getInputProps(`tiers.${index}.${name}`)}
              />
            ))}
          </div>
        </div>
      ))}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} />}
        disabled={form.values.tiers.length >= 20}
        onClick={() => form.insertListItem('tiers', emptyTier(crypto.randomUUID()))}
      >
        Add a tier
      </Button>
    </fieldset>
  );
}
