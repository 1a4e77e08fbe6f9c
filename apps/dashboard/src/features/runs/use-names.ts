'use client';

import { useCallback } from 'react';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import type { NameOf } from '../comparisons/timeline-words.ts';

/** How models are called in sentences. */
export function useNameOf(): NameOf {
  const { byId } = useModelChoices();
  return useCallback((modelId: string) => byId.get(modelId)?.displayName ?? modelId, [byId]);
}
