'use client';

import {
  Button,
  Chip,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { type FormEvent, useMemo, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { DryRunChoicesDocument, DryRunRouteDocument, type ModelCapability } from '../../gql/routing.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { inputOfRule } from './draft-rule.ts';
import { capabilityChoices, type DryRunValues, dryRunInput, emptyDryRun } from './dry-run-form.ts';
import classes from './dry-run-tab.module.css';
import { PlanView } from './plan-view.tsx';
import type { Plan } from './plan-words.ts';
import { strategyChoices } from './strategy-words.ts';
import type { RuleDraft } from './use-rule-draft.ts';
import type { RuleProblems } from './use-rule-problems.ts';

interface Props {
  draft: RuleDraft;
  problems: RuleProblems;
}

/** Where a request would go, with all reasons; nothing is sent to a model and it costs nothing. */
export function DryRunTab({ draft, problems }: Props) {
  const client = useClient();
  const { models, names } = useModelChoices();
  const [{ data: choices }] = useQuery({ query: DryRunChoicesDocument });
  const [values, setValues] = useState<DryRunValues>(emptyDryRun);
  const [which, setWhich] = useState<'draft' | 'published'>(draft.isChanged ? 'draft' : 'published');
  const [isBusy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<{ plan: Plan } | { problem: string }>();
  const set = (change: Partial<DryRunValues>) => setValues((known) => ({ ...known, ...change }));
  const usesDraft = which === 'draft' && draft.isChanged;
  const data = useMemo(
    () => [
      { group: 'Choose for me', items: [{ value: 'auto', label: 'auto: the router chooses' }] },
      { group: 'Roles', items: (choices?.roles ?? []).map(({ name }) => `role:${name}`) },
      { group: 'Aliases and chains', items: names.map(({ name }) => name).filter((name) => name !== 'auto') },
      { group: 'Models', items: models.map(({ modelId }) => modelId) },
    ],
    [models, names, choices],
  );

  const ask = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const input = {
      ...dryRunInput(values),
      ...(usesDraft ? { rules: (draft.rules ?? []).map(inputOfRule) } : {}),
    };
    const { data: reply, error } = await client.query(
      DryRunRouteDocument,
      { input },
      { requestPolicy: 'network-only' },
    );
    setBusy(false);
    const result = reply?.dryRunRoute;
    if (result?.__typename === 'DryRunRouteSuccess') setAnswer({ plan: result.plan });
    else setAnswer({ problem: error ? describeFailure(error).message : refusalText(result, error) });
  };

  return (
    <div className={classes.columns}>
      <form className={classes.form} onSubmit={ask} aria-label="Request">
        {draft.isChanged ? (
          <div>
            <p className={classes.label} id="dry-run-rules">
              With the rules
            </p>
            <SegmentedControl
              fullWidth
              aria-labelledby="dry-run-rules"
              value={which}
              onChange={(value) => setWhich(value as typeof which)}
              data={[
                { value: 'draft', label: 'of the draft' },
                { value: 'published', label: 'in force' },
              ]}
            />
            {usesDraft && problems.errorCount > 0 ? (
              <p className={classes.warning}>The draft has errors: mend them first.</p>
            ) : null}
          </div>
        ) : null}
        <Select
          label="Model asked for"
          data={data}
          searchable
          allowDeselect={false}
          limit={100}
          value={values.model}
          onChange={(model) => model && set({ model })}
        />
        <Textarea
          label="Prompt"
          description="It is counted and looked at, not kept."
          autosize
          minRows={3}
          maxRows={10}
          value={values.prompt}
          onChange={(event) => set({ prompt: event.currentTarget.value })}
        />
        <div>
          <p className={classes.label} id="dry-run-needs">
            Needs
          </p>
          <Chip.Group
            multiple
            value={[...values.needs]}
            onChange={(needs) => set({ needs: needs as ModelCapability[] })}
          >
            <Group gap={6} role="group" aria-labelledby="dry-run-needs">
              {capabilityChoices.map(({ value, label }) => (
                <Chip key={value} value={value} size="xs">
                  {label}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </div>
        <div className={classes.fields}>
          <TextInput label="Role" value={values.role} onChange={(event) => set({ role: event.currentTarget.value })} />
          <TextInput
            label="Class of task"
            value={values.taskClass}
            onChange={(event) => set({ taskClass: event.currentTarget.value })}
          />
          <TextInput
            label="Workflow"
            value={values.workflow}
            onChange={(event) => set({ workflow: event.currentTarget.value })}
          />
          <TextInput label="Step" value={values.step} onChange={(event) => set({ step: event.currentTarget.value })} />
          <NumberInput
            label="Input tokens"
            placeholder="counted"
            min={0}
            allowDecimal={false}
            thousandSeparator=","
            value={values.inputTokens ?? ''}
            onChange={(value) => set({ inputTokens: typeof value === 'number' ? value : null })}
          />
          <NumberInput
            label="Longest answer, tokens"
            placeholder="as the model can"
            min={1}
            allowDecimal={false}
            thousandSeparator=","
            value={values.maxOutputTokens ?? ''}
            onChange={(value) => set({ maxOutputTokens: typeof value === 'number' ? value : null })}
          />
        </div>
        <TagsInput label="Tags" value={[...values.tags]} maxTags={20} onChange={(tags) => set({ tags })} />
        <Select
          label="Asked with"
          description="Rules and settings may go by the API key."
          placeholder="you"
          clearable
          data={(choices?.viewer?.team.apiKeys ?? [])
            .filter(({ revokedAt }) => revokedAt === null)
            .map(({ id, name }) => ({ value: id, label: name }))}
          value={values.apiKeyId}
          onChange={(apiKeyId) => set({ apiKeyId })}
        />
        <Select
          label="Strategy"
          placeholder="the one that is set"
          clearable
          data={strategyChoices.map(({ value, label }) => ({ value, label }))}
          value={values.strategy}
          onChange={(strategy) => set({ strategy: strategy as DryRunValues['strategy'] })}
        />
        <Button
          type="submit"
          leftSection={<IconPlayerPlay size={16} />}
          loading={isBusy}
          disabled={usesDraft && problems.errorCount > 0}
        >
          Try it
        </Button>
      </form>
      <section className={classes.answer} aria-label="Decision" aria-live="polite">
        {answer === undefined ? (
          <div className={classes.waiting}>
            <p>
              Describe a request and try it: you see which model would answer, how every candidate scores, who is
              rejected and why, and which rules took part. No model is called.
            </p>
          </div>
        ) : 'plan' in answer ? (
          <PlanView plan={answer.plan} heading="h2" />
        ) : (
          <p className={classes.problem} role="alert">
            {answer.problem}
          </p>
        )}
      </section>
    </div>
  );
}
