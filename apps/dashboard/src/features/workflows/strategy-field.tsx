'use client';

import { strategyChoices } from '../routing/strategy-words.ts';
import { useField } from './field-scope.ts';
import { ChoiceField } from './plain-fields.tsx';
import { formatOfStrategy } from './step-words.ts';

const choices = strategyChoices.map(({ value, label, hint, use }) => ({
  value: formatOfStrategy(value),
  label,
  hint: `${hint} ${use}`,
}));

/** In which order the models of the step are asked, with what the chosen way means. */
export function StrategyField({ prefix }: { prefix: string }) {
  const models = useField(`${prefix}models`).value;
  const isRole = models === undefined;
  return (
    <ChoiceField
      path={`${prefix}strategy`}
      label="Strategy"
      usual="manual"
      choices={
        isRole
          ? choices.map((choice) =>
              choice.value === 'manual'
                ? { ...choice, hint: 'In the order of the role. Choose another one to let the router rank its models.' }
                : choice,
            )
          : choices
      }
    />
  );
}
