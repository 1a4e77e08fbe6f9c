import { lastFour } from './build-providers.ts';
import type { CredentialVault } from './credential-vault.ts';

/** Key and headers as a person typed them. */
export interface TypedCredentials {
  readonly apiKey?: string | null | undefined;
  readonly headers?: readonly { readonly name: string; readonly value: string }[] | null | undefined;
}

/** The columns that hold what was typed, sealed for this row and this address; what was not typed has no column here. */
export function sealCredentials(
  vault: CredentialVault,
  row: { readonly teamId: string; readonly id: string; readonly baseUrl: string },
  { apiKey, headers }: TypedCredentials,
) {
  const { origin } = new URL(row.baseUrl);
  const place = { teamId: row.teamId, rowId: row.id, origin };
  return {
    ...(apiKey !== undefined && {
      sealedKey: apiKey === null ? null : vault.seal(apiKey, { ...place, purpose: 'api-key' }),
      keyLastFour: apiKey === null ? null : (lastFour(apiKey) ?? null),
    }),
    ...(headers !== undefined && {
      sealedHeaders:
        headers === null || headers.length === 0 ? null : vault.seal(toJson(headers), { ...place, purpose: 'headers' }),
    }),
    ...((apiKey !== undefined || headers !== undefined) && { credentialOrigin: origin }),
  };
}

function toJson(headers: readonly { readonly name: string; readonly value: string }[]): string {
  return JSON.stringify(Object.fromEntries(headers.map(({ name, value }) => [name, value])));
}
