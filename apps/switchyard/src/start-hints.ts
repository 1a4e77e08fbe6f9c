import type { ApiSettings } from '@switchyard/api';

interface Started {
  readonly url: string;
  readonly providers: readonly { readonly origin: string }[];
  readonly needsOwner: boolean;
  /** Undefined when none is set. */
  readonly priceTable?:
    | { readonly fileName: string; readonly problems: readonly { readonly line: number; readonly message: string }[] }
    | undefined;
}

/** Sentences for the box: what the person who reads it should know or do next. */
export function startHints(
  settings: ApiSettings,
  { url, providers, needsOwner, priceTable }: Started,
): readonly string[] {
  const hints: string[] = [];
  if (needsOwner) {
    hints.push(
      `Open ${url} to create the owner. Without a browser: set SWITCHYARD_INIT_OWNER_EMAIL, SWITCHYARD_INIT_OWNER_PASSWORD and SWITCHYARD_INIT_API_KEY before the first start.`,
      '',
    );
  }
  const [problem] = priceTable?.problems ?? [];
  if (priceTable && problem) {
    hints.push(
      `The price table ${priceTable.fileName} is NOT used, line ${problem.line}: ${problem.message} Until it is mended, list prices are charged. All problems: switchyard validate`,
      '',
    );
  }
  if (providers.some(({ origin }) => origin.toLowerCase() === 'simulated')) {
    hints.push(
      'Simulated providers: answers are synthetic, nothing leaves this machine. Set a key, for example OPENAI_API_KEY, to go live.',
      '',
    );
  }
  if (['0.0.0.0', '::'].includes(settings.host) && settings.publicUrl === undefined) {
    hints.push(
      'Open to every network of this machine. Set SWITCHYARD_PUBLIC_URL to the address that browsers use.',
      '',
    );
  }
  return hints;
}
