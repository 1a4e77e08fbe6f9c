'use client';

import { Button, Group, Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { formatCount, formatUsd } from '../../format/number-format.ts';
import { StartExperimentDocument } from '../../gql/experiments.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import {
  answererOf,
  baselineOf,
  capOf,
  goalsOf,
  isLiveSplit,
  isMap,
  plannedUnitsOf,
  unitsOf,
  variantsOf,
} from './definition.ts';
import classes from './dialogs.module.css';
import { metricName, sizeWords } from './metric-words.ts';
import { mostItCosts, spanWords } from './plan-words.ts';
import type { DraftEditor } from './use-draft-editor.ts';
import type { Plan } from './use-plan.ts';

interface Props {
  id: string;
  editor: DraftEditor;
  plan: Plan | undefined;
  onClose(): void;
  onStarted(): void;
}

/** The last look before money is spent: what is frozen, and the most that it can cost. */
export function StartDialog({ id, editor, plan, onClose, onStarted }: Props) {
  const [, start] = useMutation(StartExperimentDocument);
  const [isSaved, setSaved] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const latest = useRef(editor);
  latest.current = editor;
  // What is started is what was saved, so everything is saved first.
  useEffect(() => {
    void latest.current.save().then((isDone) => {
      setSaved(isDone);
      if (!isDone) setRefusal('The draft could not be saved; look at the message on top of the page.');
    });
  }, []);
  const { definition, problems } = editor;
  const errors = problems.filter(({ isError }) => isError);
  const warnings = problems.filter(({ isError }) => !isError);
  const { primary, guardrails } = goalsOf(definition);
  const concurrency = isMap(definition.caps) ? Number(definition.caps.concurrency) || 4 : 4;
  const submit = async () => {
    setBusy(true);
    setRefusal(undefined);
    const { data, error } = await start({ input: { experimentId: id, revision: latest.current.revision } });
    setBusy(false);
    const result = data?.startExperiment;
    if (result?.__typename === 'ExperimentSuccess') {
      notifications.show({ message: 'The test runs. You may look at any time; looking early does no harm.' });
      onClose();
      return onStarted();
    }
    setRefusal(
      result?.__typename === 'InvalidExperimentError'
        ? result.problems
            .filter(({ isError }) => isError)
            .map(({ message }) => message)
            .join(' ')
        : refusalText(result, error),
    );
  };
  return (
    <Modal opened onClose={onClose} size={600} title="Start this test" closeButtonProps={{ 'aria-label': 'Close' }}>
      <p className={classes.text}>
        From now on this cannot be changed; its text and fingerprint are shown with the results.
      </p>
      <dl className={classes.frozen}>
        <dt>Question</dt>
        <dd>{typeof definition.hypothesis === 'string' ? definition.hypothesis : ''}</dd>
        <dt>Variants</dt>
        <dd>
          {variantsOf(definition).map((variant) => (
            <span key={variant.key} className={classes.line}>
              <strong>{variant.key}</strong> {answererOf(variant)}
              {variant.key === baselineOf(definition) ? ', the baseline' : ''}
            </span>
          ))}
        </dd>
        <dt>Decides</dt>
        <dd>
          {primary ? (
            <span className={classes.line}>
              {metricName(primary.metric)},{' '}
              {primary.margin > 0
                ? `not worse by more than ${sizeWords(primary.metric, primary.margin)}`
                : `better is ${primary.better}`}
            </span>
          ) : null}
          {guardrails.map(({ metric, margin }) => (
            <span key={metric} className={classes.line}>
              {metricName(metric)} may get worse by {sizeWords(metric, margin)} at most
            </span>
          ))}
        </dd>
        <dt>Size</dt>
        <dd>
          {plan?.plannedItems != null && plan.calls !== null
            ? `${formatCount(plan.plannedItems)} items, ${formatCount(plan.calls)} calls${plan.durationMs === null ? '' : `, about ${spanWords(plan.durationMs)}`}`
            : isLiveSplit(definition)
              ? `${plannedUnitsOf(definition)} ${unitsOf(definition)} of live traffic`
              : 'as large as the dataset allows'}
        </dd>
        <dt>Costs</dt>
        <dd>
          {mostItCosts(capOf(definition), concurrency)}
          {plan?.costUsd ? ` Expected: ${formatUsd(plan.costUsd)}.` : ''}
        </dd>
      </dl>
      {plan?.canConclude === false ? (
        <p className={classes.warning}>This test will most likely end with “cannot tell”. {plan.remedies[0]}</p>
      ) : null}
      {warnings.map(({ message, path }) => (
        <p key={path.join('.') + message} className={classes.warning}>
          {message}
        </p>
      ))}
      {errors.length > 0 ? (
        <p className={classes.error} role="alert">
          {errors.length === 1 ? 'One thing is' : `${errors.length} things are`} still wrong: {errors[0]?.message}
        </p>
      ) : null}
      {refusal ? (
        <p className={classes.error} role="alert">
          {refusal}
        </p>
      ) : null}
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={isBusy} disabled={!isSaved || errors.length > 0} onClick={submit} data-autofocus>
          Start the test
        </Button>
      </Group>
    </Modal>
  );
}
