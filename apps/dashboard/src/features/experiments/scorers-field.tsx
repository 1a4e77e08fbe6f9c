'use client';

import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from 'urql';
import { ExperimentScorersDocument } from '../../gql/experiments.ts';
import { isMap, type JsonMap, scorersOf } from './definition.ts';
import { placeOf, useDraft } from './draft-context.ts';
import classes from './editor.module.css';
import { CheckFields, JudgeFields } from './scorer-fields.tsx';
import { checkKinds, freeId, idOfName, judgeKinds } from './scorer-kinds.ts';

const most = 10;

/** How answers are scored: checks without a model, and judges. Each becomes a metric. */
export function ScorersField() {
  const { definition, isReadOnly, problems, set, setAll } = useDraft();
  const [{ data }] = useQuery({ query: ExperimentScorersDocument });
  const saved = (data?.savedScorers.edges ?? []).map(({ node }) => node);
  const scorers = scorersOf(definition);
  const ids = scorers.map(([id]) => id);
  const add = (id: string, starts: JsonMap) => {
    const key = freeId(id, ids);
    const { primary } = definition;
    const isFirst = ids.length === 0 && isMap(primary) && primary.metric === 'success';
    setAll([
      [['scorers', key], starts],
      // The first scorer is most likely what the test is about.
      ...(isFirst ? [[['primary', 'metric'], `score:${key}`] as const] : []),
    ]);
  };
  return (
    <div className={classes.scorers}>
      <p className={classes.label}>Scorers</p>
      <ul className={classes.cards} aria-label="Scorers">
        {scorers.map(([id, scorer]) => {
          const kind = kindOf(scorer);
          const own = problems.filter(({ path }) => placeOf(path) === `scorers.${id}`);
          return (
            <li key={id} className={classes.card} data-field={`scorers.${id}`}>
              <div className={classes.cardHead}>
                <code className={classes.scorerId}>{id}</code>
                <span className={classes.scorerKind}>{kind.label}</span>
                {isReadOnly ? null : (
                  <ActionIcon
                    ml="auto"
                    aria-label={`Remove the scorer ${id}`}
                    variant="subtle"
                    color="gray"
                    onClick={() => set(['scorers', id], undefined)}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                )}
              </div>
              {kind.hint ? <p className={classes.hint}>{kind.hint}</p> : null}
              {isMap(scorer.check) ? <CheckFields id={id} check={scorer.check} /> : null}
              {isMap(scorer.judge) ? <JudgeFields id={id} judge={scorer.judge} /> : null}
              {own.map(({ message, isError }) => (
                <p key={message} className={isError ? classes.error : classes.warning}>
                  {message}
                </p>
              ))}
            </li>
          );
        })}
      </ul>
      {scorers.length === 0 ? (
        <p className={classes.hint}>
          None yet: success, cost, latency and tokens are measured anyway. Add one to measure how good answers are.
        </p>
      ) : null}
      {isReadOnly ? null : (
        <Menu position="bottom-start" width={340} withinPortal>
          <Menu.Target>
            <Button variant="default" size="xs" leftSection={<IconPlus size={15} />} disabled={scorers.length >= most}>
              Add a scorer
            </Button>
          </Menu.Target>
          <Menu.Dropdown className={classes.menu}>
            {saved.length > 0 ? <Menu.Label>Saved by your team</Menu.Label> : null}
            {saved.map(({ id, name, description, kind }) => (
              <Menu.Item key={id} onClick={() => add(idOfName(name), { saved: name })}>
                {name}
                <span className={classes.menuHint}>{description ?? (kind === 'JUDGE' ? 'a judge' : 'a check')}</span>
              </Menu.Item>
            ))}
            <Menu.Label>Checks: no model, no cost</Menu.Label>
            {checkKinds.map(({ type, label, hint, id, starts }) => (
              <Menu.Item key={type} onClick={() => add(id, starts)}>
                {label}
                <span className={classes.menuHint}>{hint}</span>
              </Menu.Item>
            ))}
            <Menu.Label>Judges: paid from the cap</Menu.Label>
            {judgeKinds.map(({ type, label, hint, id, starts }) => (
              <Menu.Item key={type} onClick={() => add(id, starts)}>
                {label}
                <span className={classes.menuHint}>{hint}</span>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}

function kindOf(scorer: JsonMap): { readonly label: string; readonly hint: string } {
  const { check, judge, saved } = scorer;
  if (typeof saved === 'string') return { label: `Saved: ${saved}`, hint: 'Taken as it is when the test starts.' };
  const type = isMap(check) ? check.type : isMap(judge) ? judge.type : undefined;
  const kind = [...checkKinds, ...judgeKinds].find((each) => each.type === type);
  return kind ?? { label: 'Unknown kind', hint: '' };
}
