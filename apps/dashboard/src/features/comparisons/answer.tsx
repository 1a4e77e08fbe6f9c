'use client';

import dynamic from 'next/dynamic';
import classes from './answer.module.css';

const plain = (text: string) => <div className={classes.raw}>{text}</div>;
/** The Markdown parts weigh 70 kB; until they are there the text stands as it came. */
const Markdown = dynamic(() => import('./markdown-stream.tsx').then((module) => module.MarkdownStream), { ssr: false });

/** An answer as Markdown or as the raw characters that came. */
export function Answer({ text, isRaw, isGrowing }: { text: string; isRaw: boolean; isGrowing: boolean }) {
  return isRaw ? plain(text) : <Markdown text={text} isGrowing={isGrowing} />;
}
