'use client';

import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useCallback, useEffect, useState } from 'react';
import { type Client, type CombinedError, type OperationResult, useClient } from 'urql';

interface Page<Model> {
  models: { pageInfo: { hasNextPage: boolean; endCursor: string | null }; edges: { node: Model }[] };
}
interface PageVariables<Filter> {
  first: number;
  after?: string | null;
  filter?: Filter;
}

export interface AllModels<Model> {
  /** Undefined until the whole list is known; while a new filter loads, the list before. */
  models: Model[] | undefined;
  error: CombinedError | undefined;
  reload(): void;
}

type Ask<Model, Filter> = {
  document: TypedDocumentNode<Page<Model>, PageVariables<Filter>>;
  first: number;
  filter?: Filter;
};

function fromCache<Model, Filter>(client: Client, { document, ...variables }: Ask<Model, Filter>): Model[] | undefined {
  const models: Model[] = [];
  for (let after: string | null = null; ; ) {
    const page: Page<Model> | undefined = client.readQuery(document, {
      ...variables,
      ...(after ? { after } : {}),
    })?.data;
    if (!page) return undefined;
    models.push(...page.models.edges.map(({ node }) => node));
    if (!page.models.pageInfo.hasNextPage) return models;
    after = page.models.pageInfo.endCursor;
  }
}

/**
 * The whole catalogue behind a filter. Asked page by page, because one request may cost 1,000 points and each model costs as many as it has
 * fields; a page that is in the cache is not asked again.
 */
export function useAllModels<Model, Filter = undefined>(
  document: Ask<Model, Filter>['document'],
  pageSize: number,
  filter?: Filter,
): AllModels<Model> {
  const client = useClient();
  const filterKey = JSON.stringify(filter ?? null);
  const [round, setRound] = useState(0);
  const [state, setState] = useState<Omit<AllModels<Model>, 'reload'>>(() => ({
    models: fromCache(client, { document, first: pageSize, ...(filter ? { filter } : {}) }),
    error: undefined,
  }));

  useEffect(() => {
    let isCurrent = true;
    const wanted = JSON.parse(filterKey) as Filter | null;
    const variables = { first: pageSize, ...(wanted ? { filter: wanted } : {}) };
    const load = async () => {
      const models: Model[] = [];
      for (let after: string | null = null; isCurrent; ) {
        const { data, error }: OperationResult<Page<Model>> = await client.query(
          document,
          { ...variables, ...(after ? { after } : {}) },
          { requestPolicy: round > 0 ? 'network-only' : 'cache-first' },
        );
        if (!isCurrent) return;
        if (!data) return setState((known) => ({ models: known.models, error }));
        models.push(...data.models.edges.map(({ node }: { node: Model }) => node));
        if (!data.models.pageInfo.hasNextPage) return setState({ models, error: undefined });
        after = data.models.pageInfo.endCursor;
      }
    };
    void load();
    return () => {
      isCurrent = false;
    };
  }, [client, document, pageSize, filterKey, round]);

  return { ...state, reload: useCallback(() => setRound((value) => value + 1), []) };
}
