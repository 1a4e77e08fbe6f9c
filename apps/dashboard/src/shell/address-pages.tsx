import { Button } from '@mantine/core';
import tableClasses from './table.module.css';

interface Props {
  list: {
    totalCount: number;
    pageInfo: {
      hasNextPage: boolean;
      hasPreviousPage: boolean;
      startCursor: string | null;
      endCursor: string | null;
    };
  };
  /** What one and many rows are called. */
  nouns: readonly [one: string, many: string];
  /** The cursors that the address is to hold. */
  onChange(cursors: { before: string | null; after: string | null }): void;
}

/** Below a list whose page is kept in the address: how many there are, and one page forth or back. */
export function AddressPages({ list: { totalCount, pageInfo }, nouns, onChange }: Props) {
  return (
    <nav className={tableClasses.pages} aria-label="Pages">
      <span>
        {totalCount} {totalCount === 1 ? nouns[0] : nouns[1]}
      </span>
      <span>
        <Button
          variant="default"
          size="xs"
          disabled={!pageInfo.hasPreviousPage}
          onClick={() => onChange({ before: pageInfo.startCursor, after: null })}
        >
          Newer
        </Button>
        <Button
          variant="default"
          size="xs"
          disabled={!pageInfo.hasNextPage}
          onClick={() => onChange({ after: pageInfo.endCursor, before: null })}
        >
          Older
        </Button>
      </span>
    </nav>
  );
}
