'use client';

import { ActionIcon, Button, SegmentedControl } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { isMap, type Json, readAt, scorersOf, usualDirection } from './definition.ts';
import { useDraft } from './draft-context.ts';
import { DraftChoice, DraftNumber } from './draft-fields.tsx';
import classes from './editor.module.css';
import { builtInMetrics, isShareMetric, metricName, unitOf } from './metric-words.ts';
import { ScorersField } from './scorers-field.tsx';
import { Section } from './section.tsx';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const mostGuardrails = 8;

/** How values of a metric are typed: shares as points of 100. */
const typedAs = (metric: string) => ({
  factor: isShareMetric(metric) ? 100 : 1,
  suffix: unitOf(metric) ? ` ${unitOf(metric)}` : '',
  decimals: metric === 'costUsd' ? 6 : 2,
});

/** What counts: how answers are scored, the one metric that decides, and what must not get worse. */
export function GoalSection() {
  const { definition, isReadOnly, set, setAll } = useDraft();
  const scores = scorersOf(definition).map(([id]) => `score:${id}`);
  const metrics = [...scores, ...builtInMetrics].map((value) => ({ value, label: capital(metricName(value)) }));
  const metric = String(readAt(definition, ['primary', 'metric']) ?? '');
  const margin = readAt(definition, ['primary', 'margin']);
  const asksMargin = typeof margin === 'number' && margin > 0;
  const guardrails: readonly Json[] = Array.isArray(definition.guardrails) ? definition.guardrails : [];
  const addGuardrail = () => {
    const taken = [metric, ...guardrails.map((each) => (isMap(each) ? each.metric : undefined))];
    const free = ['latencyMs', 'costUsd', 'success', ...scores].find((each) => !taken.includes(each)) ?? 'outputTokens';
    const starts = isShareMetric(free) ? 0.02 : free === 'costUsd' ? 0.001 : free.endsWith('Ms') ? 500 : 50;
    set(['guardrails'], [...guardrails, { metric: free, margin: starts }]);
  };
  return (
    <Section
      number={4}
      title="What counts"
      note="One metric decides, and only that one. Guardrails must not get worse by more than their margin."
    >
      <ScorersField />
      <div className={classes.grid}>
        <DraftChoice path={['primary', 'metric']} label="Metric that decides" choices={metrics} isSearchable />
        <DraftChoice
          path={['primary', 'better']}
          label="Better is"
          usual={usualDirection(metric)}
          choices={[
            { value: 'higher', label: 'higher' },
            { value: 'lower', label: 'lower' },
          ]}
        />
        <DraftNumber path={['smallestEffect']} label="Smallest effect that matters" min={0} {...typedAs(metric)} />
      </div>
      <div className={classes.asked}>
        <SegmentedControl
          aria-label="What is asked of a variant"
          data={[
            { value: 'better', label: 'Is it better?' },
            { value: 'margin', label: 'Is it not worse by more than …?' },
          ]}
          value={asksMargin ? 'margin' : 'better'}
          readOnly={isReadOnly}
          onChange={(asked) => {
            const effect = readAt(definition, ['smallestEffect']);
            set(
              ['primary', 'margin'],
              asked === 'margin' ? (typeof effect === 'number' && effect > 0 ? effect : 0.02) : 0,
            );
          }}
        />
        {asksMargin ? <DraftNumber path={['primary', 'margin']} label="Margin" min={0} {...typedAs(metric)} /> : null}
      </div>
      <div className={classes.scorers}>
        <p className={classes.label}>Guardrails</p>
        <ul className={classes.guardrails} aria-label="Guardrails">
          {guardrails.map((each, index) => {
            const guarded = isMap(each) && typeof each.metric === 'string' ? each.metric : '';
            return (
              <li key={index}>
                <DraftChoice path={['guardrails', index, 'metric']} label="Metric" choices={metrics} isSearchable />
                <DraftNumber
                  path={['guardrails', index, 'margin']}
                  label="May get worse by"
                  min={0}
                  {...typedAs(guarded)}
                />
                {isReadOnly ? null : (
                  <ActionIcon
                    aria-label={`Remove the guardrail ${metricName(guarded)}`}
                    variant="subtle"
                    color="gray"
                    mt={24}
                    onClick={() => setAll([[['guardrails', index], undefined]])}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                )}
              </li>
            );
          })}
        </ul>
        {isReadOnly ? null : (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={15} />}
            disabled={guardrails.length >= mostGuardrails}
            onClick={addGuardrail}
          >
            Add a guardrail
          </Button>
        )}
      </div>
    </Section>
  );
}
