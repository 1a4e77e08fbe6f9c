'use client';

import { Button, Menu, Skeleton } from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { type ReactNode, useId, useRef } from 'react';
import type { CodeEditorHandle } from './code-editor.tsx';
import { useField } from './field-scope.ts';
import classes from './fields.module.css';
import type { KnownNames, TextLanguage } from './text-completions.ts';

const CodeEditor = dynamic(() => import('./code-editor.tsx').then((module) => module.CodeEditor), {
  ssr: false,
  loading: () => <Skeleton h={64} radius={6} />,
});

interface Props {
  path: string;
  label: string;
  description?: ReactNode;
  hint?: string;
  language: Exclude<TextLanguage, 'json'>;
  known: KnownNames;
  lines?: number;
  /** An empty text is written as such, not taken away. */
  isRequired?: boolean;
}

/** A template or an expression, with the variables that it can name and what is wrong with it. */
export function CodeField({ path, label, description, hint, language, known, lines, isRequired = false }: Props) {
  const { value, set, problems, isReadOnly, mark } = useField(path);
  const editor = useRef<CodeEditorHandle>(null);
  const messages = useId();
  const insert = (text: string) => editor.current?.insert(language === 'template' ? `{{ ${text} }}` : text);
  return (
    <div {...mark}>
      <div className={classes.codeHead}>
        <span className={classes.label}>{label}</span>
        {isReadOnly || known.variables.length === 0 ? null : (
          <Menu position="bottom-end" withinPortal width={360}>
            <Menu.Target>
              <Button
                size="compact-xs"
                mih={26}
                variant="subtle"
                leftSection={<IconBraces size={14} />}
                aria-label={`Variables for ${label}`}
              >
                Variables
              </Button>
            </Menu.Target>
            <Menu.Dropdown className={classes.variables}>
              {known.variables.slice(0, 100).map(({ text, type }) => (
                <Menu.Item key={text} onClick={() => insert(text)}>
                  <span className={classes.variable}>
                    <span>{text}</span>
                    <span>{type}</span>
                  </span>
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      <CodeEditor
        ref={editor}
        value={typeof value === 'string' ? value : ''}
        label={label}
        describedBy={problems.length > 0 ? messages : undefined}
        hint={hint}
        language={language}
        known={known}
        problems={problems}
        isReadOnly={isReadOnly}
        lines={lines ?? (language === 'template' ? 5 : 1)}
        onChange={(text) => set(text === '' && !isRequired ? undefined : text)}
      />
      {problems.length > 0 ? (
        <ul className={classes.messages} id={messages}>
          {problems.map(({ message, suggestion, isError, position }) => (
            <li key={`${message}${position?.line}:${position?.column}`} data-tone={isError ? 'bad' : 'warn'}>
              {position && position.line > 1 ? `Line ${position.line}: ` : ''}
              {message} {suggestion}
            </li>
          ))}
        </ul>
      ) : null}
      {description ? <p className={classes.description}>{description}</p> : null}
    </div>
  );
}
