'use client';

import { Combobox, useCombobox } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { type ReactElement, useMemo, useState } from 'react';
import { formatCompact, formatPricePerMillion } from '../../format/number-format.ts';
import { CapabilityIcons } from './capability-icons.tsx';
import { ModelGlyph } from './model-glyph.tsx';
import { markOf } from './model-identity.ts';
import { askedWords, automaticName } from './model-names.ts';
import classes from './model-picker.module.css';
import { OriginBadge } from './origin-badge.tsx';
import type { ModelChoice, ModelChoices } from './use-model-choices.ts';

interface Props {
  choices: ModelChoices;
  chosenIds: readonly string[];
  /** True lets several be added in a row without closing. */
  staysOpen?: boolean;
  isFull?: boolean;
  /** Below the list, in place of what is said about lanes. */
  note?: string;
  onPick(modelId: string): void;
  /** Gives the element that opens the list; it gets the handler for its click. */
  target(open: () => void): ReactElement;
}

function matches(model: ModelChoice, words: string[]): boolean {
  const text = `${model.displayName} ${model.modelId} ${model.provider.displayName}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function priceOf(model: ModelChoice): string {
  if (model.modelId === automaticName) return '';
  const { inputPerMillionUsd: input, outputPerMillionUsd: output } = model.price ?? {};
  return input && output ? `${formatPricePerMillion(input)} / ${formatPricePerMillion(output)}` : 'unpriced';
}

/** Searchable list of models by provider, for the keyboard too. Models that cannot be used are shown with the reason. */
export function ModelPicker({ choices, chosenIds, staysOpen = false, isFull = false, note, onPick, target }: Props) {
  const [search, setSearch] = useState('');
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch('');
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });

  const { models, names, byId } = choices;
  const leadsTo = useMemo(() => new Map(names.map((name) => [name.name, askedWords(name)])), [names]);
  const groups = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const byProvider = new Map<string, ModelChoice[]>();
    for (const model of models) {
      if (!matches(model, words)) continue;
      byProvider.set(model.provider.displayName, [...(byProvider.get(model.provider.displayName) ?? []), model]);
    }
    const named = names.flatMap(({ name }) => byId.get(name) ?? []).filter((model) => matches(model, words));
    return named.length > 0 ? [['Auto, aliases and chains', named] as const, ...byProvider] : [...byProvider];
  }, [models, names, byId, search]);

  return (
    <Combobox
      store={combobox}
      width={520}
      position="bottom-start"
      shadow="lg"
      onOptionSubmit={(modelId) => {
        onPick(modelId);
        if (!staysOpen) combobox.closeDropdown();
      }}
    >
      <Combobox.Target targetType="button">{target(() => combobox.toggleDropdown())}</Combobox.Target>
      <Combobox.Dropdown className={classes.dropdown}>
        <Combobox.Search
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            combobox.updateSelectedOptionIndex();
          }}
          placeholder="Search models and providers"
          aria-label="Search models and providers"
        />
        <Combobox.Options aria-label="Models" className={classes.scroll} tabIndex={0}>
          {groups.length === 0 ? <Combobox.Empty>No model matches “{search}”</Combobox.Empty> : null}
          {groups.map(([provider, members]) => (
            <Combobox.Group key={provider} label={provider}>
              {members.map((model) => {
                const count = chosenIds.filter((id) => id === model.modelId).length;
                return (
                  <Combobox.Option
                    key={model.modelId}
                    value={model.modelId}
                    disabled={!model.isAvailable || isFull}
                    className={classes.option}
                  >
                    <ModelGlyph mark={markOf(model.modelId)} />
                    <span className={classes.name}>
                      {model.displayName}
                      {count > 0 ? <span className={classes.count}>×{count}</span> : null}
                      <span className={classes.id}>
                        {model.isAvailable
                          ? (leadsTo.get(model.modelId) ?? model.modelId)
                          : (model.unavailableReason ?? 'not available')}
                      </span>
                    </span>
                    {model.isAvailable ? (
                      <CapabilityIcons capabilities={model.capabilities} />
                    ) : (
                      <IconAlertCircle size={15} aria-hidden="true" />
                    )}
                    <span className={classes.facts}>
                      <span>{priceOf(model)}</span>
                      <span>
                        {model.contextWindowTokens ? `${formatCompact(model.contextWindowTokens)} context` : ''}
                      </span>
                    </span>
                    <OriginBadge origin={model.origin} isCompact />
                  </Combobox.Option>
                );
              })}
            </Combobox.Group>
          ))}
        </Combobox.Options>
        <Combobox.Footer className={classes.footer}>
          {note ??
            (isFull
              ? 'Eight lanes are the limit. Remove one to add another.'
              : 'Prices in USD per million tokens, input / output. A model may stand twice.')}
        </Combobox.Footer>
      </Combobox.Dropdown>
    </Combobox>
  );
}
