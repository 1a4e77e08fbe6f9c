import { providerTypes } from '../../catalog/index.ts';
import { nearestName } from '../../kernel/index.ts';
import type { Configuration } from '../configuration.ts';
import type { SectionContext } from '../section.ts';
import type { SourcePath } from '../source/source-path.ts';

/** Checks the id of a provider: it must be in the file, or be one of the built-in ones that are allowed. */
export function checkProviderReference(
  providerId: string,
  path: SourcePath,
  context: SectionContext,
  { providers, allowedProviders = providerTypes }: Configuration,
): void {
  const known = [...new Set([...providers.map(({ id }) => id), ...allowedProviders])];
  if (known.includes(providerId) || context.isDeclared(providerId)) return;
  const near = nearestName(providerId, known);
  const shown = providerId.length > 80 ? `${providerId.slice(0, 80)}…` : providerId;
  context.report('UNKNOWN_PROVIDER', path, `There is no provider "${shown}".`, {
    suggestion: near === undefined ? `Known are ${known.join(', ')}.` : `Did you mean "${near}"?`,
  });
}
