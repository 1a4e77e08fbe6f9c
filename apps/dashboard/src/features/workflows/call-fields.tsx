'use client';

import { CodeField } from './code-field.tsx';
import { isMap } from './definition.ts';
import { useField } from './field-scope.ts';
import fields from './fields.module.css';
import { JsonField } from './json-field.tsx';
import { ParameterFields } from './parameter-fields.tsx';
import {
  ChoiceField,
  DurationField,
  FieldGroup,
  NumberField,
  SwitchField,
  TextField,
  WordsField,
} from './plain-fields.tsx';
import { deliveryWords } from './step-words.ts';
import { StrategyField } from './strategy-field.tsx';
import type { KnownNames } from './text-completions.ts';
import { WhoAnswers } from './who-answers.tsx';

interface Props {
  /** `do.` for the body of a map. */
  prefix: string;
  stepId: string;
  known: KnownNames;
}

const formats = [
  { value: 'text', label: 'Text' },
  { value: 'json', label: 'JSON', hint: 'The answer is checked; what is not as promised is given back to be mended.' },
];

/** Everything that a step says about asking models. */
export function CallFields({ prefix, stepId, known }: Props) {
  const count = (path: string) => useCount(`${prefix}${path}`);
  const output = useField(`${prefix}output`).value;
  const format = isMap(output) ? output.format : undefined;
  const parameterCount = count('parameters');
  const retryCount = count('retry');
  const deadlineCount = count('deadlines');
  const needCount = count('needs');
  const delivery = useField(`${prefix}delivery`);
  const system = useField(`${prefix}system`);
  return (
    <>
      <div className={fields.fields}>
        <WhoAnswers prefix={prefix} stepId={stepId} />
        <CodeField
          path={`${prefix}prompt`}
          label="Prompt"
          language="template"
          known={known}
          lines={7}
          hint="What the model is asked. {{ names a variable."
          isRequired
        />
        <StrategyField prefix={prefix} />
      </div>
      <div>
        <FieldGroup
          title="System prompt"
          isOpen={system.value !== undefined}
          note={system.value === undefined ? 'none' : undefined}
        >
          <CodeField path={`${prefix}system`} label="System prompt" language="template" known={known} lines={3} />
        </FieldGroup>
        <FieldGroup title="Answer" note={format === 'json' ? 'JSON' : 'text'} isOpen={format === 'json'}>
          <ChoiceField path={`${prefix}output.format`} label="Format" choices={formats} usual="text" />
          {format === 'json' ? (
            <>
              <JsonField
                path={`${prefix}output.schema`}
                label="JSON Schema"
                description="What the answer must be. Its fields can then be named in later steps."
                lines={6}
                wants="a map"
              />
              <div className={fields.pair}>
                <TextField path={`${prefix}output.name`} label="Name of the schema" placeholder="none" />
                <NumberField path={`${prefix}output.repairs`} label="Repairs" placeholder="1" min={0} max={3} />
              </div>
            </>
          ) : null}
        </FieldGroup>
        <FieldGroup title="Parameters" note={setWords(parameterCount)} isOpen={false}>
          <ParameterFields path={`${prefix}parameters`} />
        </FieldGroup>
        <FieldGroup
          title="Failures"
          note={
            delivery.value === undefined && retryCount === 0
              ? 'as usual'
              : setWords(retryCount + (delivery.value === undefined ? 0 : 1))
          }
        >
          <ChoiceField
            path={`${prefix}delivery`}
            label="When an answer breaks off"
            choices={deliveryWords}
            isClearable
            placeholder="as the provider is set"
          />
          <div className={fields.pair}>
            <NumberField
              path={`${prefix}retry.maxAttempts`}
              label="Attempts per model"
              placeholder="usual"
              min={1}
              max={20}
            />
            <DurationField path={`${prefix}retry.initialDelayMs`} label="First wait" placeholder="usual" />
            <DurationField path={`${prefix}retry.maxDelayMs`} label="Longest wait" placeholder="usual" />
            <NumberField path={`${prefix}retry.rounds`} label="Rounds" placeholder="1" min={1} max={10} />
            <DurationField path={`${prefix}retry.roundDelayMs`} label="Wait between rounds" placeholder="10 s" />
          </div>
        </FieldGroup>
        <FieldGroup title="Deadlines" note={setWords(deadlineCount)}>
          <div className={fields.pair}>
            <DurationField path={`${prefix}deadlines.firstTokenMs`} label="First token" placeholder="usual" />
            <DurationField path={`${prefix}deadlines.idleMs`} label="Silence" placeholder="usual" />
            <DurationField path={`${prefix}deadlines.totalMs`} label="One attempt" placeholder="usual" />
            <DurationField path={`${prefix}deadlines.overallMs`} label="Everything together" placeholder="usual" />
          </div>
        </FieldGroup>
        <FieldGroup title="What a model must be able to do" note={setWords(needCount)}>
          <SwitchField path={`${prefix}needs.vision`} label="See images" />
          <SwitchField path={`${prefix}needs.tools`} label="Use tools" />
          <SwitchField path={`${prefix}needs.reasoning`} label="Reason" />
          <NumberField
            path={`${prefix}needs.contextTokens`}
            label="Context, tokens"
            placeholder="any"
            min={1}
            step={1000}
          />
        </FieldGroup>
        <FieldGroup title="Ratings and tags">
          <NumberField
            path={`${prefix}ratingShare`}
            label="Ask people to rate, %"
            description="Of the answers; ratings teach the adaptive strategy."
            placeholder="none"
            min={0}
            max={100}
            factor={0.01}
            decimals={1}
          />
          <WordsField
            path={`${prefix}tags`}
            label="Tags"
            placeholder="none"
            description="To tell calls apart in reports."
          />
        </FieldGroup>
      </div>
    </>
  );
}

function useCount(path: string): number {
  const { value } = useField(path);
  return isMap(value) ? Object.keys(value).length : 0;
}

const setWords = (count: number) => (count === 0 ? 'as usual' : `${count} set`);
