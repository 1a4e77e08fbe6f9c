'use client';

import { useEffect, useRef } from 'react';
import type { EditorActions } from './use-editor-actions.ts';
import type { WorkflowEditor } from './use-workflow-editor.ts';

/** Where keys mean text, or belong to something that lies over the page. */
function isElsewhere(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest('input, textarea, select, [role="dialog"], [role="menu"], [data-code]') !== null
  );
}

/** The chosen steps, or else the one whose row or card has the focus: an undo can leave it there alone. */
function idsAtHand({ selectedIds }: EditorActions): readonly string[] {
  if (selectedIds.length > 0) return selectedIds;
  const focused = document.activeElement?.closest<HTMLElement>('[data-step], .react-flow__node')?.dataset;
  const id = focused?.step ?? focused?.id;
  return id === undefined ? [] : [id];
}

/** Keys and the clipboard of the whole editor. Text fields keep theirs. */
export function useEditorKeys(editor: WorkflowEditor, actions: EditorActions): void {
  const latest = useRef({ editor, actions });
  latest.current = { editor, actions };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { editor: now, actions: can } = latest.current;
      const isCommand = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      const run = (work: () => void) => {
        event.preventDefault();
        work();
      };
      if (isCommand && key === 's') return run(() => void now.save());
      if (isElsewhere(event.target)) return;
      if (isCommand && key === 'z') return run(event.shiftKey ? now.redo : now.undo);
      if (isCommand && key === 'y') return run(now.redo);
      const ids = idsAtHand(can);
      const [first] = ids;
      if (now.isReadOnly || first === undefined) return;
      if (isCommand && key === 'd') return run(() => can.duplicate(first));
      if (event.key === 'Delete' || event.key === 'Backspace') return run(() => can.remove(ids));
    };
    const onCopy = (event: ClipboardEvent) => {
      const { actions: can, editor: now } = latest.current;
      if (isElsewhere(event.target) || !getSelection()?.isCollapsed) return;
      const ids = idsAtHand(can);
      const text = can.copy(ids);
      if (text === undefined) return;
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
      if (event.type === 'cut' && !now.isReadOnly) can.remove(ids);
    };
    const onPaste = (event: ClipboardEvent) => {
      const { actions: can, editor: now } = latest.current;
      if (isElsewhere(event.target) || now.isReadOnly) return;
      if (can.paste(event.clipboardData?.getData('text/plain') ?? '')) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    document.addEventListener('copy', onCopy);
    document.addEventListener('cut', onCopy);
    document.addEventListener('paste', onPaste);
    return () => {
      window.removeEventListener('keydown', onKey);
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('cut', onCopy);
      document.removeEventListener('paste', onPaste);
    };
  }, []);
}
