import { Button } from '@mantine/core';
import tableClasses from './table.module.css';

interface Props {
  list: { totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string | null } } | undefined;
  /** The cursor after which the page begins; null on the first page. */
  after: string | null;
  onChange(after: string | null): void;
}

/** Below a list whose newest rows come first: how many there are, back to the first page, and on. Nothing for one page. */
export function ListPages({ list, after, onChange }: Props) {
  if (!list || (!list.pageInfo.hasNextPage && !after)) return null;
  const { totalCount, pageInfo } = list;
  return (
    <div className={tableClasses.pages}>
      <span>{totalCount} in all</span>
      <span>
        <Button size="xs" variant="default" disabled={!after} onClick={() => onChange(null)}>
          Newest
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={!pageInfo.hasNextPage}
          onClick={() => onChange(pageInfo.endCursor)}
        >
          Older
        </Button>
      </span>
    </div>
  );
}
