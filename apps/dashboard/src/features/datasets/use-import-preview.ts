'use client';

import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import { useClient } from 'urql';
import { PreviewDatasetImportDocument, type PreviewDatasetImportQuery } from '../../gql/datasets.ts';
import { describeFailure, type Failure } from '../../graphql/failure.ts';
import type { Mapping } from './column-mapping.ts';
import type { FileFormat } from './read-text-file.ts';

export type ImportPreview = PreviewDatasetImportQuery['previewDatasetImport'];

/** Enough to see columns, items and what is usually wrong; more would only make every change of the mapping slow. */
const previewedCharacters = 300_000;

interface Seen {
  /** What the preview was made of. */
  readonly asked: { readonly text: string | undefined; readonly format: FileFormat };
  readonly preview: ImportPreview | undefined;
  readonly failure: Failure | undefined;
}

/** What an import would make of the beginning of a text; asked again when the mapping changes. */
export function useImportPreview(text: string | undefined, format: FileFormat, mapping: Mapping | undefined) {
  const client = useClient();
  const [seen, setSeen] = useState<Seen>();
  const [attempt, setAttempt] = useState(0);
  const asked = useMemo(() => ({ text, format, mapping, attempt }), [text, format, mapping, attempt]);
  const [settled] = useDebouncedValue(asked, 200);
  const isPart = (text?.length ?? 0) > previewedCharacters;
  useEffect(() => {
    const { text: whole, format: kind, mapping: wanted } = settled;
    if (whole === undefined || (wanted && !wanted.input)) return;
    let isCurrent = true;
    const content = whole.slice(0, previewedCharacters);
    void client
      .query(
        PreviewDatasetImportDocument,
        {
          ...{ format: kind, content, isPart: whole.length > previewedCharacters },
          ...(wanted?.input ? { mapping: { ...wanted, input: wanted.input } } : {}),
        },
        { requestPolicy: 'network-only' },
      )
      .then(({ data, error }) => {
        if (!isCurrent) return;
        const failure = error ? describeFailure(error) : undefined;
        setSeen({ asked: settled, preview: data?.previewDatasetImport, failure });
      });
    return () => {
      isCurrent = false;
    };
  }, [client, settled]);
  // What was seen of another file, or of this one as another kind, says nothing.
  const shown = text !== undefined && seen?.asked.text === text && seen.asked.format === format ? seen : undefined;
  return {
    preview: shown?.preview,
    failure: shown?.failure,
    isCurrent: seen?.asked === asked,
    isPart,
    retry: () => setAttempt((count) => count + 1),
  };
}
