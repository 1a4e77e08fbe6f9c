import { looksSecret } from '../schema/describe-value.ts';
import type { SectionContext } from '../section.ts';
import type { SourcePath } from '../source/source-path.ts';

const variableName = '[A-Za-z_][A-Za-z0-9_]*';
const wholeReference = new RegExp(`^\\$\\{(${variableName})\\}$`);
const anyReference = new RegExp(`\\$\\{(${variableName})\\}`, 'g');

/** The variable that `${NAME}` names, when the text is nothing else. */
export const referencedVariable = (text: string): string | undefined => wholeReference.exec(text.trim())?.[1];

/** How to give a secret by reference, as the suggestion of a problem. */
export const sayReference = (variable: string): string =>
  `Put the secret into an environment variable and write \${${variable}} here.`;

/** A variable name for a secret of `owner`: `openai-eu`, `KEY` give `OPENAI_EU_KEY`. */
export const inventVariable = (owner: string, suffix: string): string =>
  `${
    owner
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, 40) || 'PROVIDER'
  }_${suffix}`;

/**
 * Puts the values of variables in the place of `${NAME}`. Answers undefined, after reporting it, when a reference
 * is malformed or its variable is not set.
 */
export function resolveText(text: string, path: SourcePath, context: SectionContext): string | undefined {
  if (/\$\{/.test(text.replace(anyReference, ''))) {
    context.report('INVALID_REFERENCE', path, 'A reference to an environment variable is malformed.', {
      suggestion: `Write \${NAME} with letters, digits and underscores.`,
    });
    return undefined;
  }
  const names = [...new Set([...text.matchAll(anyReference)].map((match) => match[1] ?? ''))];
  const unset = names.filter((name) => context.readVariable(name) === undefined);
  for (const name of unset) {
    context.report('UNSET_VARIABLE', path, `The environment variable ${name} is not set.`, {
      suggestion: `Set ${name} where Switchyard is started, or write the value here.`,
    });
  }
  if (unset.length > 0) return undefined;
  return text.replace(anyReference, (_, name: string) => context.readVariable(name) ?? '');
}

const secretHeader = /auth|key|token|secret|cookie|password|credential/i;

/** Whether a header's literal value must not stand in a file. */
export const isSecretHeader = (name: string, value: string): boolean =>
  !/\$\{/.test(value) && (secretHeader.test(name) || looksSecret(value));
