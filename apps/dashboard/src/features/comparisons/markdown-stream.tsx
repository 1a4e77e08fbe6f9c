'use client';

import { memo, useMemo, useRef } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import remend from 'remend';
import classes from './answer.module.css';
import { type Blocks, growBlocks, noBlocks } from './block-splitter.ts';

const plugins = [remarkGfm];
const components: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ),
  // An answer must not make the browser call a foreign host: pictures become links.
  img: ({ src, alt }) => (
    <a href={typeof src === 'string' ? src : undefined} target="_blank" rel="noopener noreferrer nofollow">
      {alt || 'image'}
    </a>
  ),
  pre: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <pre tabIndex={0}>{children}</pre>
  ),
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={classes.tableFrame} tabIndex={0} aria-label="Table">
      <table>{children}</table>
    </section>
  ),
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
  h4: ({ children }) => <h4>{children}</h4>,
  h5: ({ children }) => <h4>{children}</h4>,
  h6: ({ children }) => <h4>{children}</h4>,
  input: ({ checked, type }) => (
    <input type={type} checked={checked} readOnly disabled aria-label={checked ? 'done' : 'not done'} />
  ),
};

const Block = memo(function Block({ text }: { text: string }) {
  return (
    <div>
      <ReactMarkdown remarkPlugins={plugins} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  );
});

/** Draws a growing answer: finished blocks once, the last one at each step with its open marks closed. Raw HTML stays text. */
export function MarkdownStream({ text, isGrowing }: { text: string; isGrowing: boolean }) {
  const known = useRef<{ text: string; blocks: Blocks }>({ text: '', blocks: noBlocks });
  const blocks = useMemo(() => {
    const before = known.current;
    const next = growBlocks(text.startsWith(before.text) ? before.blocks : noBlocks, text);
    known.current = { text, blocks: next };
    return next;
  }, [text]);
  return (
    <div className={classes.markdown}>
      {blocks.settled.map((block, index) => (
        <Block key={index} text={block} />
      ))}
      {blocks.tail.trim() ? <Block key="tail" text={isGrowing ? remend(blocks.tail) : blocks.tail} /> : null}
    </div>
  );
}
