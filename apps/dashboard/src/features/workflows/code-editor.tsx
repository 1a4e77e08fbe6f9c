'use client';

import {
  acceptCompletion,
  autocompletion,
  type CompletionContext,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  startCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  MatchDecorator,
  placeholder,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { type CSSProperties, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import colours from '../routing/condition-editor.module.css';
import classes from './code-editor.module.css';
import { offsetAt } from './problem-place.ts';
import { type KnownNames, type TextLanguage, textCompletions } from './text-completions.ts';
import type { WorkflowProblem } from './workflow-problem-list.tsx';

export interface CodeEditorHandle {
  /** Writes at the cursor and leaves the cursor behind it. */
  insert(text: string): void;
}

export interface CodeEditorProps {
  ref?: Ref<CodeEditorHandle>;
  value: string;
  label: string;
  describedBy?: string | undefined;
  hint?: string | undefined;
  language: TextLanguage;
  known: KnownNames;
  problems: readonly WorkflowProblem[];
  isReadOnly: boolean;
  /** Grows with its text from this many lines on. */
  lines?: number;
  onChange(value: string): void;
}

const marks: Readonly<Record<TextLanguage, RegExp>> = {
  template:
    /(\{%-?\s*\w*|-?%\})|(\{\{-?|-?\}\})|(\|\s*\w+)|(\b(?:inputs|steps|item|index|candidate|candidates)\b(?=[.[\s}|]))/g,
  expression:
    /(\b(?:true|false|in|null)\b|&&|\|\||[!=<>]=?)|("(?:[^"\\]|\\.)*"?)|(\b\w+(?=\())|(\b(?:inputs|steps|item|index|candidate)\b)/g,
  json: /(\b(?:true|false|null)\b)|("(?:[^"\\]|\\.)*"(?!\s*:))|(\b\d+(?:\.\d+)?\b)|("(?:[^"\\]|\\.)*"(?=\s*:))/g,
};
const tones: Readonly<Record<TextLanguage, readonly (string | undefined)[]>> = {
  template: [colours.keyword, classes.brace, colours.call, classes.variable],
  expression: [colours.keyword, colours.text, colours.call, classes.variable],
  json: [colours.keyword, colours.text, colours.number, classes.variable],
};

function highlighting(language: TextLanguage): Extension {
  const words = new MatchDecorator({
    regexp: marks[language],
    decoration: (match) => {
      const place = tones[language].findIndex((_, index) => match[index + 1] !== undefined);
      return Decoration.mark({ class: tones[language][place] ?? '' });
    },
  });
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = words.createDeco(view);
      }
      update(update: ViewUpdate) {
        this.decorations = words.updateDeco(update, this.decorations);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}

type Attributes = Pick<CodeEditorProps, 'label' | 'describedBy' | 'problems' | 'isReadOnly'>;

const attributesOf = ({ label, describedBy, problems, isReadOnly }: Attributes) => [
  EditorView.contentAttributes.of({
    'aria-label': label,
    'aria-invalid': String(problems.some(({ isError }) => isError)),
    ...(describedBy ? { 'aria-describedby': describedBy } : {}),
    tabindex: '0',
    ...(isReadOnly ? { 'aria-readonly': 'true' } : {}),
  }),
  EditorState.readOnly.of(isReadOnly),
  EditorView.editable.of(!isReadOnly),
];

/**
 * A template, an expression or JSON: colours, completion of what the server offers, problems at their places. Tab leaves
 * the field, so that nobody is caught in it by keyboard.
 */
export function CodeEditor(props: CodeEditorProps) {
  const { ref, value, label, describedBy, problems, isReadOnly, known, lines = 1 } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const attributes = useRef(new Compartment());
  const latest = useRef(props);
  latest.current = props;

  useImperativeHandle(ref, () => ({
    insert(text) {
      const editor = view.current;
      if (!editor) return;
      editor.dispatch(editor.state.replaceSelection(text));
      editor.focus();
    },
  }));

  useEffect(() => {
    if (!host.current) return;
    const first = latest.current;
    const complete = (context: CompletionContext) => {
      const { language, known: names } = latest.current;
      const found = textCompletions(language, names, context.state.sliceDoc(0, context.pos), context.explicit);
      if (!found || found.options.length === 0) return null;
      return {
        from: found.from,
        validFor: /^[\w.["\]/:-]*$/,
        options: found.options.map(({ kind, ...option }) => ({ ...option, type: kind })),
      };
    };
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: first.value,
        extensions: [
          history(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ override: [complete], icons: false, maxRenderedOptions: 80 }),
          keymap.of([
            { key: 'Tab', run: acceptCompletion },
            ...closeBracketsKeymap,
            ...completionKeymap,
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          highlighting(first.language),
          EditorView.lineWrapping,
          EditorState.tabSize.of(2),
          ...(first.hint ? [placeholder(first.hint)] : []),
          attributes.current.of(attributesOf(first)),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            const text = update.state.doc.toString();
            if (text !== latest.current.value) latest.current.onChange(text);
            // `{{` asks for a name.
            const at = update.state.selection.main.head;
            if (
              latest.current.language === 'template' &&
              /\{\{\s?$/.test(update.state.sliceDoc(Math.max(0, at - 3), at))
            )
              setTimeout(() => view.current && startCompletion(view.current));
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = undefined;
      editor.destroy();
    };
  }, []);

  useEffect(() => {
    const editor = view.current;
    const shown = editor?.state.doc.toString();
    if (editor && shown !== value) editor.dispatch({ changes: { from: 0, to: shown?.length ?? 0, insert: value } });
  }, [value]);

  // Who was quicker than the server gets the list as soon as it is there.
  const hasNames = known.variables.length > 0;
  useEffect(() => {
    const editor = view.current;
    if (hasNames && editor?.hasFocus && /\{\{\s*$/.test(editor.state.sliceDoc(0, editor.state.selection.main.head)))
      startCompletion(editor);
  }, [hasNames]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    editor.dispatch({
      effects: attributes.current.reconfigure(attributesOf({ label, describedBy, problems, isReadOnly })),
    });
    const text = editor.state.doc.toString();
    const placed = problems.filter(({ position }) => position);
    editor.dispatch(
      setDiagnostics(
        editor.state,
        placed.map(({ isError, message, suggestion, position }) => {
          const from = Math.min(offsetAt(text, position ?? { line: 1, column: 1 }), Math.max(0, text.length - 1));
          const word = /^[\w.["\]]+/.exec(text.slice(from))?.[0].length ?? 1;
          return {
            from,
            to: Math.min(text.length, from + word),
            severity: isError ? 'error' : 'warning',
            message: `${message} ${suggestion}`,
          };
        }),
      ),
    );
  }, [label, describedBy, problems, isReadOnly]);

  return (
    <div
      ref={host}
      className={`${colours.editor} ${classes.editor}`}
      style={{ '--code-lines': lines } as CSSProperties}
      data-code
      data-invalid={problems.some(({ isError }) => isError) || undefined}
      data-warned={problems.length > 0 || undefined}
    />
  );
}
