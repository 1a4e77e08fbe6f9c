import { providerProfiles } from '../../providers/index.ts';
import type { SectionContext } from '../section.ts';
import type { SourcePath } from '../source/source-path.ts';
import type { GivenProvider } from './provider-schema.ts';
import { inventVariable, isSecretHeader, referencedVariable, resolveText, sayReference } from './references.ts';

/**
 * The key of a provider and the variable it comes from. Without `api_key` the vendor's own variable serves, but only at
 * the vendor's own address: a key never goes to a host that it was not meant for.
 */
export function readKey(
  provider: GivenProvider,
  path: SourcePath,
  context: SectionContext,
): { readonly keyVariable?: string; readonly apiKey?: string } {
  const profile = providerProfiles[provider.type];
  const given = provider.api_key;
  if (given === undefined) {
    const ownVariable = provider.base_url === undefined ? profile.keyVariable : undefined;
    if (ownVariable !== undefined) return readVariable(ownVariable, [...path, 'api_key'], profile.needsKey, context);
    if (profile.needsKey) {
      context.report('KEY_MISSING', [...path, 'api_key'], `"${provider.id}" has no api_key, so it cannot be called.`, {
        severity: 'warning',
        suggestion: `Add api_key: \${${inventVariable(provider.id, 'KEY')}} and set that variable.`,
      });
    }
    return {};
  }
  const variable = typeof given === 'string' ? referencedVariable(given) : given.env;
  if (variable !== undefined) return readVariable(variable, [...path, 'api_key'], true, context);
  const isNearReference = typeof given === 'string' && given.trim().startsWith('${') && given.trim().endsWith('}');
  if (isNearReference) {
    context.report('INVALID_REFERENCE', [...path, 'api_key'], 'This is no reference to an environment variable.', {
      suggestion: `Write \${NAME} with letters, digits and underscores.`,
    });
  } else {
    context.report('LITERAL_SECRET', [...path, 'api_key'], 'A key must not be written into the file.', {
      suggestion: `${sayReference(inventVariable(provider.id, 'KEY'))} Replace the key at the vendor if the file was shared.`,
    });
  }
  return {};
}

function readVariable(variable: string, path: SourcePath, isWanted: boolean, context: SectionContext) {
  const apiKey = context.readVariable(variable);
  if (apiKey !== undefined) return { keyVariable: variable, apiKey };
  if (isWanted) {
    context.report('KEY_MISSING', path, `The environment variable ${variable} is not set: the provider has no key.`, {
      severity: 'warning',
      suggestion: `Set ${variable} where Switchyard is started.`,
    });
  }
  return { keyVariable: variable };
}

/** Written by the HTTP client; a second one would contradict it. */
const ownHeaders = new Set([
  'host',
  'content-length',
  'connection',
  'transfer-encoding',
  'content-type',
  'upgrade',
  'te',
]);

/** The extra headers with references resolved; those that cannot be used are reported and left out. */
export function readHeaders(
  provider: GivenProvider,
  path: SourcePath,
  context: SectionContext,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const firstSpelling = new Map<string, string>();
  for (const [name, given] of Object.entries(provider.headers ?? {})) {
    const at = [...path, 'headers', name];
    const lower = name.toLowerCase();
    const other = firstSpelling.get(lower);
    if (ownHeaders.has(lower)) {
      context.report('RESERVED_NAME', at, `The header "${name}" is set by Switchyard itself.`, {
        spot: 'key',
        suggestion: 'Remove it.',
      });
    } else if (other !== undefined) {
      context.report('DUPLICATE_KEY', at, `The header "${name}" is already given as "${other}".`, {
        spot: 'key',
        suggestion: 'Keep one of the two.',
      });
    } else if (isSecretHeader(name, given)) {
      context.report('LITERAL_SECRET', at, 'A secret must not be written into the file.', {
        suggestion: sayReference(inventVariable(`${provider.id}_${name}`, 'HEADER')),
      });
    } else {
      const value = resolveText(given, at, context);
      if (value !== undefined && !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
        context.report('INVALID_VALUE', at, 'The value of a header must be one line of Latin letters.', {
          suggestion: 'Remove line breaks and other characters.',
        });
      } else if (value !== undefined) headers[name] = value;
    }
    firstSpelling.set(lower, name);
  }
  return headers;
}
