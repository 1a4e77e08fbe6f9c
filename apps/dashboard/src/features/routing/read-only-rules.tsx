import { Tooltip } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import type { RuleFieldsFragment } from '../../gql/routing.ts';
import { draftOfRule } from './draft-rule.ts';
import cardClasses from './rule-card.module.css';
import { RuleSummary } from './rule-card.tsx';
import classes from './rules-tab.module.css';

/** Rules that stand in the configuration file: to be read, with where to change them. */
export function ReadOnlyRules({ title, rules }: { title: string; rules: readonly RuleFieldsFragment[] }) {
  if (rules.length === 0) return null;
  return (
    <section className={classes.section} aria-label={title}>
      <h2 className={classes.subtitle}>{title}</h2>
      <ol className={classes.list}>
        {rules.map((rule) => (
          <li key={rule.id} className={cardClasses.card} data-off={rule.isEnabled ? undefined : true}>
            <div className={cardClasses.header}>
              <h3 className={cardClasses.name}>{rule.name}</h3>
              <span className={cardClasses.badges}>
                <Tooltip label="It stands in switchyard.yaml and is changed there" multiline maw={260}>
                  {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its tooltip must be reachable by keyboard. */}
                  <span className={cardClasses.badge} tabIndex={0}>
                    <IconFileText size={12} aria-hidden="true" /> from the file
                  </span>
                </Tooltip>
                {rule.isFinal ? <span className={cardClasses.badge}>final</span> : null}
                {rule.isEnabled ? null : <span className={cardClasses.badge}>off</span>}
              </span>
            </div>
            <RuleSummary rule={draftOfRule(rule)} />
          </li>
        ))}
      </ol>
    </section>
  );
}
