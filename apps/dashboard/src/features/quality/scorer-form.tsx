'use client';

import { Button, JsonInput, NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { ModelPicker } from '../catalog/model-picker.tsx';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import classes from './scorer-form.module.css';
import { checkKinds, judgeKinds, readPlace, type ScorerField, writePlace } from './scorer-kinds.ts';

type Settings = Readonly<Record<string, unknown>>;

interface Props {
  group: 'check' | 'judge';
  settings: Settings;
  /** What is wrong, by place: `check.pattern`. */
  problems: ReadonlyMap<string, string>;
  isReadOnly: boolean;
  /** What was not touched yet is not reproached with being empty. */
  isNew: boolean;
  onChange(settings: Settings): void;
}

/** The kind of a check or judge and its settings; what is wrong stands at its field. */
export function ScorerForm({ group, settings, problems, isReadOnly, isNew, onChange }: Props) {
  const kinds = group === 'judge' ? judgeKinds : checkKinds;
  const type = String(settings.type ?? '');
  const kind = kinds[type];
  const shownProblem = (name: string) =>
    isNew && readPlace(settings, name) === readPlace(kind?.start ?? {}, name)
      ? undefined
      : problemAt(problems, `${group}.${name}`);
  const set = (name: string, value: unknown) => onChange(writePlace(settings, name, value));
  return (
    <div className={classes.form}>
      <Select
        label={group === 'judge' ? 'How it judges' : 'Kind'}
        description={kind?.hint}
        allowDeselect={false}
        readOnly={isReadOnly}
        data={Object.entries(kinds).map(([value, { label }]) => ({ value, label }))}
        value={kind ? type : null}
        error={problems.get(`${group}.type`)}
        onChange={(value) => {
          const start = kinds[value ?? '']?.start;
          // What both kinds have stays.
          if (start) onChange({ ...start, ...keep(settings, start) });
        }}
      />
      {group === 'judge' ? (
        <JudgeModel
          model={String(settings.model ?? '')}
          problem={shownProblem('model')}
          isReadOnly={isReadOnly}
          onPick={(model) => set('model', model)}
        />
      ) : null}
      {kind?.fields.map((field) => (
        <Field
          key={`${type} ${field.name}`}
          field={field}
          value={readPlace(settings, field.name)}
          problem={shownProblem(field.name)}
          isReadOnly={isReadOnly}
          onChange={(value) => set(field.name, value)}
        />
      ))}
    </div>
  );
}

function keep(settings: Settings, start: Settings): Settings {
  const kept = Object.entries(settings).filter(
    ([name, value]) => name !== 'type' && name in start && value !== '' && typeof value === typeof start[name],
  );
  return Object.fromEntries(kept);
}

/** The problem of a place or of something within it. */
function problemAt(problems: ReadonlyMap<string, string>, place: string): string | undefined {
  for (const [path, message] of problems) if (path === place || path.startsWith(`${place}.`)) return message;
  return undefined;
}

function JudgeModel(props: {
  model: string;
  problem: string | undefined;
  isReadOnly: boolean;
  onPick(id: string): void;
}) {
  const { model, problem, isReadOnly, onPick } = props;
  const choices = useModelChoices();
  const shown = choices.byId.get(model)?.displayName ?? (model || 'Choose a model');
  return (
    <div>
      <p className={classes.label} id="judge-model">
        Model
      </p>
      <ModelPicker
        choices={choices}
        chosenIds={model ? [model] : []}
        note="A judge of another vendor than the answers’ is fairer."
        onPick={onPick}
        target={(open) => (
          <Button
            variant="default"
            disabled={isReadOnly}
            aria-describedby="judge-model"
            rightSection={<IconChevronDown size={14} />}
            onClick={open}
          >
            {shown}
          </Button>
        )}
      />
      {problem ? (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      ) : null}
    </div>
  );
}

interface FieldProps {
  field: ScorerField;
  value: unknown;
  problem: string | undefined;
  isReadOnly: boolean;
  onChange(value: unknown): void;
}

function Field({ field, value, problem, isReadOnly, onChange }: FieldProps) {
  const { label, hint, kind, placeholder, usual } = field;
  const shared = { label, description: hint, error: problem, readOnly: isReadOnly };
  switch (kind) {
    case 'switch':
      return (
        <Switch
          label={label}
          description={hint}
          error={problem}
          disabled={isReadOnly}
          checked={value === undefined ? usual === true : value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <Select
          {...shared}
          allowDeselect={false}
          data={[...(field.choices ?? [])]}
          value={String(value ?? usual ?? '')}
          onChange={onChange}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...shared}
          placeholder={placeholder ?? (usual === undefined ? undefined : String(usual))}
          allowDecimal={field.decimals !== undefined}
          decimalScale={field.decimals ?? 0}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
        />
      );
    case 'lines':
      return (
        <Textarea
          {...shared}
          placeholder={placeholder}
          autosize
          minRows={2}
          maxRows={10}
          value={Array.isArray(value) ? value.join('\n') : ''}
          onChange={(event) => {
            const lines = event.currentTarget.value.split('\n');
            onChange(lines.some((line) => line !== '') ? lines : undefined);
          }}
        />
      );
    case 'json':
      return <JsonField {...{ field, value, problem, isReadOnly, onChange }} />;
    default:
      return kind === 'long-text' ? (
        <Textarea
          {...shared}
          placeholder={placeholder}
          autosize
          minRows={4}
          maxRows={16}
          value={String(value ?? '')}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <TextInput
          {...shared}
          placeholder={placeholder}
          classNames={field.name === 'pattern' ? { input: classes.code } : {}}
          spellCheck={false}
          value={String(value ?? '')}
          onChange={(event) => {
            const text = event.currentTarget.value;
            onChange(text === '' && field.name === 'expected' ? undefined : text);
          }}
        />
      );
  }
}

function JsonField({ field, value, problem, isReadOnly, onChange }: FieldProps) {
  const [text, setText] = useState(() =>
    value === undefined || (Array.isArray(value) && value.length === 0) ? '' : JSON.stringify(value, null, 2),
  );
  const [unread, setUnread] = useState<string>();
  return (
    <JsonInput
      label={field.label}
      description={field.hint}
      classNames={{ input: classes.code }}
      error={unread ?? problem}
      readOnly={isReadOnly}
      autosize
      minRows={field.name === 'schema' ? 5 : 2}
      maxRows={18}
      placeholder={field.name === 'examples' ? '[{ "answer": "…", "score": 5, "reason": "…" }]' : undefined}
      value={text}
      onChange={(next) => {
        setText(next);
        if (next.trim() === '') {
          setUnread(undefined);
          return onChange(field.name === 'schema' ? {} : undefined);
        }
        try {
          onChange(JSON.parse(next));
          setUnread(undefined);
        } catch {
          setUnread('This is no JSON yet; what was there before holds.');
        }
      }}
    />
  );
}
