'use client';

import fields from './fields.module.css';
import { ChoiceField, NumberField, WordsField } from './plain-fields.tsx';

const efforts = ['none', 'minimal', 'low', 'medium', 'high'].map((value) => ({ value, label: value }));

/** What tunes a call. Empty fields leave it to the role, the provider and the model. */
export function ParameterFields({ path }: { path: string }) {
  const usual = 'model’s own';
  return (
    <div className={fields.pair}>
      <NumberField path={`${path}.maxOutputTokens`} label="Max output tokens" placeholder={usual} min={1} step={128} />
      <NumberField
        path={`${path}.temperature`}
        label="Temperature"
        placeholder={usual}
        min={0}
        max={2}
        step={0.1}
        decimals={2}
      />
      <NumberField path={`${path}.topP`} label="Top P" placeholder={usual} min={0} max={1} step={0.05} decimals={2} />
      <NumberField path={`${path}.seed`} label="Seed" placeholder="none" min={0} />
      <ChoiceField
        path={`${path}.reasoningEffort`}
        label="Reasoning effort"
        placeholder={usual}
        choices={efforts}
        isClearable
      />
      <WordsField path={`${path}.stopSequences`} label="Stop sequences" placeholder="none" />
    </div>
  );
}
