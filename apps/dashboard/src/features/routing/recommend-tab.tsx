'use client';

import { Button, Chip, Group, NumberInput, SegmentedControl, Skeleton, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconColumns3 } from '@tabler/icons-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { type CostPreference, type ModelCapability, RecommendModelsDocument } from '../../gql/routing.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { markOf } from '../catalog/model-identity.ts';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import { capabilityChoices } from './dry-run-form.ts';
import classes from './recommend-tab.module.css';

const mostCompared = 4;

/** Which models suit a task, best first, with the reasons; a first few can be compared at once. */
export function RecommendTab() {
  const { byId } = useModelChoices();
  const [taskType, setTaskType] = useState('');
  const [contextTokens, setContextTokens] = useState<number | null>(null);
  const [costPreference, setPreference] = useState<CostPreference>('BALANCED');
  const [needs, setNeeds] = useState<readonly ModelCapability[]>([]);
  const [settled] = useDebouncedValue({ taskType, contextTokens }, 350);
  const [{ data, error }, reload] = useQuery({
    query: RecommendModelsDocument,
    variables: {
      input: {
        costPreference,
        first: 8,
        ...(settled.taskType.trim() ? { taskType: settled.taskType.trim() } : {}),
        ...(settled.contextTokens === null ? {} : { contextTokens: settled.contextTokens }),
        ...(needs.length > 0 ? { needs: [...needs] } : {}),
      },
    },
    requestPolicy: 'network-only',
  });
  const list = data?.recommendModels;
  const compared = (list ?? []).slice(0, mostCompared).map(({ modelId }) => modelId);
  return (
    <div className={classes.tab}>
      <form className={classes.form} aria-label="Task" onSubmit={(event) => event.preventDefault()}>
        <TextInput
          label="Class of task"
          description="Measurements of it count first."
          placeholder="summarize"
          value={taskType}
          onChange={(event) => setTaskType(event.currentTarget.value)}
        />
        <NumberInput
          label="Context, tokens"
          description="Input and answer together."
          placeholder="any"
          min={1}
          step={1000}
          allowDecimal={false}
          thousandSeparator=","
          value={contextTokens ?? ''}
          onChange={(value) => setContextTokens(typeof value === 'number' && value > 0 ? value : null)}
        />
        <div>
          <p className={classes.label} id="recommend-cost">
            What counts
          </p>
          <SegmentedControl
            aria-labelledby="recommend-cost"
            value={costPreference}
            onChange={(value) => setPreference(value as CostPreference)}
            data={[
              { value: 'CHEAP', label: 'Low cost' },
              { value: 'BALANCED', label: 'Balanced' },
              { value: 'BEST', label: 'Best quality' },
            ]}
          />
        </div>
        <div>
          <p className={classes.label} id="recommend-needs">
            Must be able to
          </p>
          <Chip.Group multiple value={[...needs]} onChange={(value) => setNeeds(value as ModelCapability[])}>
            <Group gap={6} role="group" aria-labelledby="recommend-needs">
              {capabilityChoices.map(({ value, label }) => (
                <Chip key={value} value={value} size="xs">
                  {label}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </div>
      </form>
      {error && !list ? <FailureNotice failure={describeFailure(error)} onRetry={() => reload()} /> : null}
      {list || error ? null : <Skeleton h={260} radius={12} />}
      {list?.length === 0 ? (
        <EmptyState title="No model of the team qualifies">
          None has all of that and is allowed by the rules. Ask for less context or fewer abilities, or add a provider.
        </EmptyState>
      ) : null}
      {list && list.length > 0 ? (
        <section aria-label="Recommended models" aria-live="polite" className={classes.answer}>
          <div className={classes.head}>
            <p className={classes.note}>By price, measurements and ratings; the rules of the team hold.</p>
            {compared.length >= 2 ? (
              <Button
                component={AppLink}
                href={`/compare?models=${compared.map(encodeURIComponent).join(',')}`}
                variant="default"
                leftSection={<IconColumns3 size={16} />}
              >
                Compare the first {compared.length}
              </Button>
            ) : null}
          </div>
          <ol className={classes.list}>
            {list.map(({ rank, modelId, score, reason }) => (
              <li key={modelId} className={classes.model} data-first={rank === 1 || undefined}>
                <span className={classes.rank}>{rank}</span>
                <div className={classes.words}>
                  <p className={classes.name}>
                    <ModelGlyph mark={markOf(modelId)} /> {byId.get(modelId)?.displayName ?? modelId}
                    <span className={classes.id}>{modelId}</span>
                  </p>
                  <p className={classes.reason}>{reason.charAt(0).toUpperCase() + reason.slice(1)}</p>
                </div>
                <span className={classes.score}>
                  <span className={classes.track} aria-hidden="true">
                    <span style={{ width: `${score * 100}%` }} />
                  </span>
                  <span>
                    <span className="visually-hidden">score </span>
                    {score.toFixed(2)}
                  </span>
                </span>
                <Button
                  component={AppLink}
                  href={`/compare?models=${encodeURIComponent(modelId)}`}
                  variant="subtle"
                  size="compact-sm"
                  aria-label={`Use in Compare: ${modelId}`}
                >
                  Use in Compare
                </Button>
              </li>
            ))}
          </ol>
        </section>
      ) : null}
    </div>
  );
}
