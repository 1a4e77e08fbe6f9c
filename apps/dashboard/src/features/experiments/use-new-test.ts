'use client';

import { notifications } from '@mantine/notifications';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useClient, useMutation } from 'urql';
import { CreateExperimentDocument, ExperimentDatasetsDocument } from '../../gql/experiments.ts';
import { type ModelChoices, startingModels } from '../catalog/use-model-choices.ts';
import { randomKey } from '../comparisons/random-key.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { experimentHref } from './experiment-links.ts';
import { starterDefinition } from './starter-definition.ts';

/** Makes a draft (a first one from the team's models and newest dataset, or a given one) and opens it. */
export function useNewTest(choices: ModelChoices | undefined) {
  const router = useRouter();
  const client = useClient();
  const [, create] = useMutation(CreateExperimentDocument);
  const [isBusy, setBusy] = useState(false);
  const make = async (given?: { name: string; definition: unknown }) => {
    setBusy(true);
    const datasets = given
      ? undefined
      : await client.query(ExperimentDatasetsDocument, { first: 1 }, { requestPolicy: 'network-only' }).toPromise();
    const newest = datasets?.data?.datasets.edges[0]?.node.version ?? undefined;
    const { name, definition } = given ?? {
      name: 'New test',
      definition: starterDefinition(startingModels(choices?.models ?? []), newest),
    };
    const { data, error } = await create({ input: { name, definition, idempotencyKey: randomKey() } });
    setBusy(false);
    const result = data?.createExperiment;
    if (result?.__typename === 'ExperimentSuccess' && result.experiment) {
      router.push(experimentHref(result.experiment.id));
      return true;
    }
    notifications.show({ color: 'red', title: 'The test was not made', message: refusalText(result, error) });
    return false;
  };
  return { make, isBusy };
}
