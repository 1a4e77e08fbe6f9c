'use client';

import { lazy, Suspense } from 'react';
import classes from './answer.module.css';

const plain = (text: string) => <div className={classes.raw}>{text}</div>;
/** The Markdown parts weigh 70 kB; until they are there the text stands as it came. */
const loadMarkdown = () => import('./markdown-stream.tsx').then((module) => ({ default: module.MarkdownStream }));
const Markdown = lazy(loadMarkdown);

/** Fetches those parts while nothing else is to do, so that the first answer does not change its look. */
export function prepareMarkdown(): void {
  const idle = window.requestIdleCallback ?? ((callback: () => void) => setTimeout(callback, 500));
  idle(() => void loadMarkdown());
}

/** An answer as Markdown or as the raw characters that came. */
export function Answer({ text, isRaw, isGrowing }: { text: string; isRaw: boolean; isGrowing: boolean }) {
  if (isRaw) return plain(text);
  return (
    <Suspense fallback={plain(text)}>
      <Markdown text={text} isGrowing={isGrowing} />
    </Suspense>
  );
}
