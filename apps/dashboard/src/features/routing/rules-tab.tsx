'use client';

import { Button, Menu, Skeleton } from '@mantine/core';
import { IconChevronDown, IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import { DraftBar } from './draft-bar.tsx';
import { type DraftRule, inputOfRule, moved, newAction, newRule } from './draft-rule.ts';
import { EmptyRulesPicture } from './empty-rules-picture.tsx';
import { ReadOnlyRules } from './read-only-rules.tsx';
import { RuleCard } from './rule-card.tsx';
import { type RuleTemplate, ruleTemplates } from './rule-templates.ts';
import classes from './rules-tab.module.css';
import type { RuleDraft } from './use-rule-draft.ts';
import type { RuleProblems } from './use-rule-problems.ts';

interface Props {
  draft: RuleDraft;
  problems: RuleProblems;
  mayManage: boolean;
}

/** The ordered rules: those of the file, the team's draft, and what tells them apart from what is in force. */
export function RulesTab({ draft, problems, mayManage }: Props) {
  const { rules, published, routing, change } = draft;
  const { models } = useModelChoices();
  const templates = useMemo(() => ruleTemplates(models), [models]);
  const [openIds, setOpenIds] = useState<ReadonlySet<string>>(new Set());
  const [dragged, setDragged] = useState<number>();
  const [over, setOver] = useState<number>();
  const [spoken, setSpoken] = useState('');
  const inForce = useMemo(
    () => new Map(published.map((rule) => [rule.id, JSON.stringify(inputOfRule(rule))])),
    [published],
  );

  if (draft.failure) return <FailureNotice failure={draft.failure} onRetry={draft.reload} />;
  if (!rules || !routing)
    return (
      <div className={classes.list} aria-busy="true">
        {['a', 'b', 'c'].map((key) => (
          <Skeleton key={key} h={92} radius={12} />
        ))}
      </div>
    );

  const open = (id: string, isOpen: boolean) =>
    setOpenIds((known) => new Set(isOpen ? [...known, id] : [...known].filter((each) => each !== id)));
  const add = (rule: DraftRule) => {
    change([...rules, rule]);
    open(rule.id, true);
  };
  const move = (from: number, to: number) => {
    if (from === to) return;
    change(moved(rules, from, to));
    setSpoken(`${rules[from]?.name} is now rule ${to + 1} of ${rules.length}.`);
  };
  const hasNone = rules.length === 0;
  const adding = mayManage ? <AddRule templates={templates} isMain={hasNone} onAdd={add} /> : null;

  return (
    <div className={classes.tab}>
      {hasNone && !draft.isChanged && !routing.published ? null : (
        <DraftBar draft={draft} problems={problems} mayManage={mayManage} />
      )}
      <ReadOnlyRules title="From the configuration file, looked at first" rules={routing.fileRules} />
      {hasNone ? (
        <EmptyState title="No rules yet" picture={<EmptyRulesPicture />} action={adding}>
          A rule says which models may answer, and which come first, when a condition holds: by role, tags, length,
          time, load, budgets, health or measured quality. Without rules the strategy alone decides.
        </EmptyState>
      ) : (
        <section className={classes.section} aria-label="Rules of the team">
          {routing.fileRules.length > 0 ? <h2 className={classes.subtitle}>Rules of the team</h2> : null}
          <ol className={classes.list}>
            {rules.map((rule, place) => {
              const known = inForce.get(rule.id);
              return (
                <RuleCard
                  key={rule.id}
                  rule={rule}
                  place={place}
                  count={rules.length}
                  problems={problems.byRule.get(rule.id) ?? []}
                  change={
                    known === undefined ? 'added' : known === JSON.stringify(inputOfRule(rule)) ? undefined : 'changed'
                  }
                  isOpen={openIds.has(rule.id)}
                  mayManage={mayManage}
                  isDropTarget={dragged !== undefined && dragged !== place && over === place}
                  onChange={(next) => change(rules.map((each) => (each.id === rule.id ? next : each)))}
                  onOpen={(isOpen) => open(rule.id, isOpen)}
                  onMove={(to) => move(place, to)}
                  onCopy={() => {
                    const copy = newRule({ ...rule, id: newRule().id, name: `${rule.name} (copy)` });
                    change([...rules.slice(0, place + 1), copy, ...rules.slice(place + 1)]);
                    open(copy.id, true);
                  }}
                  onRemove={() => change(rules.filter(({ id }) => id !== rule.id))}
                  onDragStart={() => setDragged(place)}
                  onDragOver={(event) => {
                    if (dragged === undefined) return;
                    event.preventDefault();
                    setOver(place);
                  }}
                  onDrop={() => {
                    if (dragged !== undefined) move(dragged, place);
                    setDragged(undefined);
                    setOver(undefined);
                  }}
                />
              );
            })}
          </ol>
          <div>{adding}</div>
        </section>
      )}
      {hasNone && mayManage ? <TemplateCards templates={templates} onAdd={add} /> : null}
      <ReadOnlyRules
        title="Task preferences of the configuration file, looked at last"
        rules={routing.taskPreferences}
      />
      <p className="visually-hidden" aria-live="polite">
        {spoken}
      </p>
    </div>
  );
}

interface AddProps {
  templates: readonly RuleTemplate[];
  onAdd(rule: DraftRule): void;
}

function AddRule({ templates, isMain, onAdd }: AddProps & { isMain: boolean }) {
  const variant = isMain ? 'filled' : 'default';
  return (
    <Button.Group className={classes.add}>
      <Button
        variant={variant}
        leftSection={<IconPlus size={16} />}
        onClick={() => onAdd(newRule({ actions: [newAction('PREFER')] }))}
      >
        Add a rule
      </Button>
      <Menu position="bottom-start" width={320}>
        <Menu.Target>
          <Button variant={variant} aria-label="Add from a template" px={8}>
            <IconChevronDown size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Templates</Menu.Label>
          {templates.map(({ title, make }) => (
            <Menu.Item key={title} onClick={() => onAdd(make())}>
              {title}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Button.Group>
  );
}

function TemplateCards({ templates, onAdd }: AddProps) {
  return (
    <section aria-labelledby="rule-templates">
      <h2 className={classes.subtitle} id="rule-templates">
        Start from one that many need
      </h2>
      <ul className={classes.templates}>
        {templates.map(({ title, hint, make }) => (
          <li key={title}>
            <button type="button" className={classes.template} onClick={() => onAdd(make())}>
              <strong>{title}</strong>
              <span>{hint}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
