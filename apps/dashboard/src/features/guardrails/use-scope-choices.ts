'use client';

import { useMemo } from 'react';
import { useQuery } from 'urql';
import { ScopeChoicesDocument } from '../../gql/guardrails.ts';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import type { ScopeKind } from './budget-words.ts';

/** What can be chosen for each kind of condition; kinds without a list take any name. */
export type ScopeChoices = Partial<Record<ScopeKind, readonly { value: string; label: string }[]>>;

export function useScopeChoices(): ScopeChoices {
  const [{ data }] = useQuery({ query: ScopeChoicesDocument });
  const { models } = useModelChoices();
  return useMemo(
    () => ({
      PROVIDER: (data?.providers ?? []).map(({ slug, displayName }) => ({ value: slug, label: displayName })),
      MODEL: models.map(({ modelId }) => ({ value: modelId, label: modelId })),
      MEMBER: data?.viewer.user ? [{ value: data.viewer.user.id, label: `${data.viewer.user.name} (you)` }] : [],
      API_KEY: (data?.viewer.team.apiKeys ?? [])
        .filter(({ revokedAt }) => revokedAt === null)
        .map(({ id, name }) => ({ value: id, label: name })),
    }),
    [data, models],
  );
}
