import { type ReadScorer, readScorer } from '@switchyard/core/experiments';
import type { Services } from '../../container.ts';
import { canName } from '../experiments/check-experiment.ts';

/** What is wrong with a scorer as the team stands now; paths begin at `{ check }` or `{ judge }`. */
export function checkScorer(services: Services, teamId: string, raw: unknown): ReadScorer {
  const { content, problems } = readScorer(raw);
  if (!content || !('judge' in content) || canName(services, teamId, content.judge.model)) return { content, problems };
  const message = `"${content.judge.model}" is not a model that can be asked. Set up its provider, or name another one.`;
  return { content: undefined, problems: [...problems, { severity: 'error', path: ['judge', 'model'], message }] };
}
