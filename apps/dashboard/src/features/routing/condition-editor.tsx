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
import { Compartment, EditorState } from '@codemirror/state';
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
import { useEffect, useRef } from 'react';
import classes from './condition-editor.module.css';
import { completionsFor, type RuleLanguage } from './rule-completions.ts';
import type { RuleProblem } from './use-rule-problems.ts';

interface Props {
  value: string;
  /** The label of the field and, when something is wrong, the id of the text that says what. */
  label: string;
  describedBy: string | undefined;
  problems: readonly RuleProblem[];
  language: RuleLanguage | undefined;
  onChange(value: string): void;
}

const kinds = [classes.text, classes.number, classes.keyword, classes.call, classes.name];
const words = new MatchDecorator({
  regexp:
    /("(?:[^"\\]|\\.)*"?)|(\b\d+(?:\.\d+)?\b)|(\b(?:true|false|in|null)\b|&&|\|\||[!=<>]=?)|(\b\w+(?=\())|(\b(?:request|time|load|models|budgets)\b)/g,
  decoration: (match) => {
    const place = kinds.findIndex((_, index) => match[index + 1] !== undefined);
    return Decoration.mark({ class: kinds[place] ?? '' });
  },
});
const colours = ViewPlugin.fromClass(
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

const attributesOf = ({ label, describedBy, problems }: Pick<Props, 'label' | 'describedBy' | 'problems'>) =>
  EditorView.contentAttributes.of({
    'aria-label': label,
    'aria-invalid': String(problems.some(({ isError }) => isError)),
    ...(describedBy ? { 'aria-describedby': describedBy } : {}),
  });

/**
 * A condition in CEL: colours, completion of what the server offers, problems at their characters. Tab leaves the field, so that nobody is
 * caught in it by keyboard.
 */
export function ConditionEditor({ value, label, describedBy, problems, language, onChange }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const attributes = useRef(new Compartment());
  const latest = useRef({ onChange, language });
  latest.current = { onChange, language };
  const initial = useRef({ value, label, describedBy, problems });

  useEffect(() => {
    if (!host.current) return;
    const complete = (context: CompletionContext) => {
      const known = latest.current.language;
      const before = context.state.sliceDoc(0, context.pos);
      const found = known && completionsFor(known, before, context.explicit);
      if (!found) return null;
      return {
        from: found.from,
        validFor: /^[\w/.:-]*$/,
        options: found.options.map(({ kind, ...option }) => ({ ...option, type: kind })),
      };
    };
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: initial.current.value,
        extensions: [
          history(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ override: [complete], icons: false, maxRenderedOptions: 60 }),
          keymap.of([
            { key: 'Tab', run: acceptCompletion },
            ...closeBracketsKeymap,
            ...completionKeymap,
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          colours,
          EditorView.lineWrapping,
          EditorState.tabSize.of(2),
          placeholder('request.inputTokens > 20000'),
          attributes.current.of(attributesOf(initial.current)),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
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

  // Who was quicker than the server gets the list as soon as it is there.
  useEffect(() => {
    if (language && view.current?.hasFocus && view.current.state.doc.length > 0) startCompletion(view.current);
  }, [language]);

  useEffect(() => {
    const editor = view.current;
    const known = editor?.state.doc.toString();
    if (editor && known !== value) editor.dispatch({ changes: { from: 0, to: known?.length ?? 0, insert: value } });
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const { length } = editor.state.doc;
    editor.dispatch({
      effects: attributes.current.reconfigure(attributesOf({ label, describedBy, problems })),
    });
    editor.dispatch(
      setDiagnostics(
        editor.state,
        problems.map(({ isError, message, suggestion, start, end }) => {
          const from = Math.min(start ?? 0, Math.max(0, length - 1));
          return {
            from,
            to: Math.min(length, Math.max(end ?? length, from + 1)),
            severity: isError ? 'error' : 'warning',
            message: `${message} ${suggestion}`,
          };
        }),
      ),
    );
  }, [label, describedBy, problems]);

  return (
    <div
      ref={host}
      className={classes.editor}
      data-invalid={problems.some(({ isError }) => isError) || undefined}
      data-warned={problems.length > 0 || undefined}
    />
  );
}
