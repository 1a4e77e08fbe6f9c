'use client';

import { createContext, use } from 'react';
import type { ModelChoices } from '../catalog/use-model-choices.ts';
import type { EditorActions } from './use-editor-actions.ts';
import type { Problems } from './use-problems.ts';
import type { WorkflowEditor } from './use-workflow-editor.ts';

export interface RoleChoice {
  readonly name: string;
  readonly description: string | null;
  readonly asks: readonly { readonly model: string; readonly isOfDefault: boolean }[];
}

/** What every part of the editor shares. */
export interface EditorParts {
  readonly editor: WorkflowEditor;
  readonly actions: EditorActions;
  readonly problems: Problems;
  readonly choices: ModelChoices;
  readonly roles: readonly RoleChoice[];
}

export const EditorContext = createContext<EditorParts | undefined>(undefined);

export function useEditorParts(): EditorParts {
  const parts = use(EditorContext);
  if (!parts) throw new Error('Parts of the workflow editor stand inside an EditorContext.');
  return parts;
}
