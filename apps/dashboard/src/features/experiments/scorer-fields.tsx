'use client';

import { Button, JsonInput } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { markOf } from '../catalog/model-identity.ts';
import { ModelPicker } from '../catalog/model-picker.tsx';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import { isMap, type JsonMap } from './definition.ts';
import { useDraftField } from './draft-context.ts';
import { DraftChoice, DraftNumber, DraftSwitch, DraftText, DraftWords } from './draft-fields.tsx';
import classes from './editor.module.css';

const words = (values: readonly string[]) => values.map((value) => ({ value, label: value }));

/** The settings of a check; what is left empty is as usual. */
export function CheckFields({ id, check }: { id: string; check: JsonMap }) {
  const at = (...path: string[]) => ['scorers', id, 'check', ...path];
  const ignoresCase = (
    <DraftSwitch path={at('ignoresCase')} label="Upper and lower case are alike" usual={check.type === 'contains'} />
  );
  switch (check.type) {
    case 'exact':
    case 'edit-distance':
      return (
        <div className={classes.grid}>
          <DraftText path={at('expected')} label="Expected" placeholder="what the item expects" />
          {ignoresCase}
        </div>
      );
    case 'contains':
      return (
        <div className={classes.grid}>
          <DraftWords path={at('texts')} label="Texts" placeholder="what the item expects" />
          <DraftChoice path={at('wants')} label="Wanted" usual="all" choices={words(['all', 'any', 'none', 'share'])} />
          {ignoresCase}
        </div>
      );
    case 'regex':
      return (
        <div className={classes.grid}>
          <DraftText path={at('pattern')} label="Pattern" placeholder="^(yes|no)$" keepsEmpty isCode />
          <DraftSwitch path={at('shouldMatch')} label="Must match" usual />
          {ignoresCase}
        </div>
      );
    case 'json-schema':
      return <SchemaField id={id} />;
    case 'numeric':
      return (
        <div className={classes.grid}>
          <DraftNumber path={at('expected')} label="Expected" placeholder="what the item expects" decimals={6} />
          <DraftNumber path={at('tolerance')} label="Tolerance" min={0} decimals={6} />
          <DraftChoice
            path={at('takes')}
            label="Which number counts"
            usual="last"
            choices={words(['first', 'last', 'whole'])}
          />
        </div>
      );
    case 'length':
      return (
        <div className={classes.grid}>
          <DraftNumber path={at('min')} label="At least" placeholder="none" min={0} />
          <DraftNumber path={at('max')} label="At most" placeholder="none" min={1} />
          <DraftChoice
            path={at('unit')}
            label="Counted in"
            usual="words"
            choices={words(['characters', 'words', 'lines'])}
          />
        </div>
      );
    case 'latency':
      return (
        <div className={classes.grid}>
          <DraftNumber path={at('targetMs')} label="Score 1 up to, ms" min={0} step={250} />
          <DraftNumber path={at('limitMs')} label="Score 0 from, ms" min={1} step={250} />
          <DraftChoice
            path={at('measure')}
            label="Of"
            usual="whole-answer"
            choices={[
              { value: 'whole-answer', label: 'the whole answer' },
              { value: 'first-token', label: 'the first token' },
            ]}
          />
        </div>
      );
    default:
      return <p className={classes.error}>This kind of check is not known here. Change it in the definition.</p>;
  }
}

function SchemaField({ id }: { id: string }) {
  const { value, message, isReadOnly, mark, set } = useDraftField(['scorers', id, 'check', 'schema']);
  const [text, setText] = useState(() => JSON.stringify(value ?? {}, null, 2));
  const [problem, setProblem] = useState<string>();
  const take = (next: string) => {
    setText(next);
    try {
      const read: unknown = JSON.parse(next);
      if (!isMap(read)) throw new Error('no map');
      setProblem(undefined);
      set(read);
    } catch {
      setProblem('This is no JSON map yet; what was there before holds.');
    }
  };
  return (
    <div {...mark}>
      <JsonInput
        label="Schema"
        autosize
        minRows={3}
        maxRows={12}
        readOnly={isReadOnly}
        value={text}
        error={problem ?? message}
        onChange={take}
      />
    </div>
  );
}

/** Who judges, by what, and on which scale. */
export function JudgeFields({ id, judge }: { id: string; judge: JsonMap }) {
  const at = (...path: string[]) => ['scorers', id, 'judge', ...path];
  const choices = useModelChoices();
  const { value, message, isError, isReadOnly, mark, set } = useDraftField(at('model'));
  const model = typeof value === 'string' ? value : '';
  const shown = choices.byId.get(model)?.displayName ?? (model || 'Choose a judge');
  return (
    <>
      <div {...mark} className={classes.model}>
        <ModelPicker
          choices={choices}
          chosenIds={model ? [model] : []}
          note="A model of another vendor than the variants’ judges more fairly."
          onPick={(picked) => set(picked)}
          target={(open) => (
            <Button
              variant="default"
              size="sm"
              fw={500}
              maw="100%"
              disabled={isReadOnly}
              rightSection={<IconChevronDown size={14} />}
              onClick={open}
              aria-label={`Judge of ${id}: ${shown}`}
            >
              {model ? <ModelGlyph mark={markOf(model)} size={12} /> : null}
              <span className={classes.modelName}>{shown}</span>
            </Button>
          )}
        />
        {message ? <p className={isError ? classes.error : classes.warning}>{message}</p> : null}
      </div>
      <DraftText
        path={at('rubric')}
        label="What a good answer is"
        placeholder="Is the answer correct, complete and short? Wrong facts are worst."
        isLong
        rows={3}
        keepsEmpty
      />
      <div className={classes.grid}>
        {judge.type === 'rubric' ? (
          <>
            <DraftNumber path={at('scale', 'min')} label="Worst points" min={0} max={100} />
            <DraftNumber path={at('scale', 'max')} label="Best points" min={1} max={100} />
          </>
        ) : null}
        <DraftSwitch path={at('seesExpected')} label="Sees what the item expects" usual />
      </div>
    </>
  );
}
