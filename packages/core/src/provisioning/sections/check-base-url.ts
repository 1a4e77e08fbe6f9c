import type { ProviderType } from '../../catalog/index.ts';
import { AddressRefusedError, checkEndpoint, providerProfiles } from '../../providers/index.ts';
import type { SectionContext } from '../section.ts';
import type { SourcePath } from '../source/source-path.ts';
import { resolveText } from './references.ts';

/** The endpoint as it will be called, without a slash at the end; undefined when absent or, after reporting it, unusable. */
export function readBaseUrl(
  given: string | undefined,
  type: ProviderType,
  allowsPrivateNetwork: boolean,
  providerPath: SourcePath,
  context: SectionContext,
): string | undefined {
  const path = [...providerPath, 'base_url'];
  if (given === undefined) {
    if (providerProfiles[type].defaultBaseUrl === undefined && !context.isBroken([...providerPath, 'type'])) {
      context.report('MISSING_FIELD', path, `A provider of type "${type}" needs "base_url".`, {
        spot: 'key',
        suggestion: 'Add the address of its OpenAI-compatible API, for example base_url: https://llm.example.com/v1.',
      });
    }
    return undefined;
  }
  const address = resolveText(given, path, context);
  if (address === undefined) return undefined;
  try {
    // First the rules that nothing lifts, so that the suggestion never tells to lift one in vain.
    const url = checkEndpoint(address, 'allow-private');
    if (!allowsPrivateNetwork) checkEndpoint(address, 'public-only');
    if (url.search !== '' || url.hash !== '') {
      context.report('INVALID_ENDPOINT', path, 'The endpoint must not have a query or a fragment.', {
        suggestion: 'Remove everything from "?" or "#" on; secrets go into api_key or headers.',
      });
      return undefined;
    }
    return address.replace(/\/+$/, '');
  } catch (error) {
    if (!(error instanceof AddressRefusedError)) throw error;
    context.report(...explain(error, address, path));
    return undefined;
  }
}

function explain(error: AddressRefusedError, address: string, path: SourcePath): Parameters<SectionContext['report']> {
  if (/not a public internet address/.test(error.message)) {
    const message = 'The endpoint is in a private network, which this provider may not call.';
    return ['ADDRESS_REFUSED', path, message, { suggestion: 'Add allow_private_network: true when that is intended.' }];
  }
  if (/never allowed/.test(error.message)) {
    const suggestion = "Give the address of the vendor's API.";
    return ['ADDRESS_REFUSED', path, error.message, { suggestion }];
  }
  if (/user name or password/.test(error.message)) {
    return [
      'INVALID_ENDPOINT',
      path,
      error.message,
      { suggestion: 'Put the secret into an environment variable and refer to it in api_key.' },
    ];
  }
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(address);
  const suggestion = hasScheme ? undefined : 'Write it in full, for example https://llm.example.com/v1.';
  return ['INVALID_ENDPOINT', path, error.message, { suggestion }];
}
