'use client';

import { useCallback, useMemo, useRef, useState } from 'react';
import { copyText, pasteSteps, readCopy } from './copy-steps.ts';
import { type Definition, type StepType, stepAt, stepName } from './definition.ts';
import {
  addStep,
  connect,
  disconnect,
  duplicateStep,
  insertOnLink,
  moveStep,
  removeSteps,
  type Way,
  waysToConnect,
} from './edit-steps.ts';
import { plural, stepTypeWords } from './step-words.ts';
import type { WorkflowEditor } from './use-workflow-editor.ts';
import { type Link, linksOf } from './workflow-links.ts';

/** Where a step is about to be added: behind one, on a line, or at the end. */
export type AddPlace = { readonly afterId?: string | undefined; readonly link?: Link };

/** Two steps that are about to be connected, when there are several ways. */
export interface Connecting {
  readonly from: string;
  readonly to?: string;
  readonly ways?: readonly Way[];
}

export interface EditorActions {
  readonly selectedIds: readonly string[];
  /** The one step that the panel shows. */
  readonly selectedId: string | undefined;
  /** What happened, for screen readers. */
  readonly said: string;
  readonly adding: AddPlace | undefined;
  readonly connecting: Connecting | undefined;
  select(ids: readonly string[]): void;
  askToAdd(place: AddPlace | undefined): void;
  askToConnect(connecting: Connecting | undefined): void;
  add(type: StepType, place: AddPlace): void;
  remove(ids: readonly string[]): void;
  duplicate(id: string): void;
  move(id: string, by: number): void;
  connectSteps(from: string, to: string, way?: Way): void;
  disconnectSteps(link: Link): void;
  /** The steps as text for the clipboard; undefined when there are none. */
  copy(ids: readonly string[]): string | undefined;
  /** Whether the text held steps. */
  paste(text: string): boolean;
  /** What was copied here last, for where the clipboard cannot be read. */
  lastCopy(): string | undefined;
}

/** What can be done with steps, by mouse on the canvas and by keyboard in the outline alike. */
export function useEditorActions(editor: WorkflowEditor, initialId: string | undefined): EditorActions {
  const { definition, edit } = editor;
  const [selected, setSelected] = useState<readonly string[]>(initialId === undefined ? [] : [initialId]);
  const [said, setSaid] = useState('');
  const [adding, askToAdd] = useState<AddPlace>();
  const [connecting, askToConnect] = useState<Connecting>();
  const copied = useRef<string>(undefined);
  const latest = useRef(definition);
  latest.current = definition;

  const select = useCallback(
    (ids: readonly string[]) => setSelected((before) => (before.join() === ids.join() ? before : ids)),
    [],
  );
  const nameOf = (id: string) => stepName(stepAt(latest.current, id) ?? { id });
  /** Makes an edit and answers what came of it. */
  const apply = (change: (before: Definition) => Definition) => {
    edit(change);
  };

  const selectedIds = useMemo(
    () => selected.filter((id) => definition.steps.some((step) => step.id === id)),
    [selected, definition],
  );

  return {
    selectedIds,
    selectedId: selectedIds.length === 1 ? selectedIds[0] : undefined,
    said,
    adding,
    connecting,
    select,
    askToAdd,
    askToConnect,
    add(type, { afterId, link }) {
      const made = link ? insertOnLink(latest.current, type, link) : addStep(latest.current, type, afterId);
      apply(() => made.definition);
      select([made.stepId]);
      setSaid(`${stepTypeWords[type].label} step ${made.stepId} added.`);
    },
    remove(ids) {
      const gone = new Set(ids);
      const { steps } = latest.current;
      const place = steps.findIndex(({ id }) => gone.has(id));
      const next = removeSteps(latest.current, gone);
      if (place < 0) return;
      apply(() => next);
      const neighbour = next.steps[Math.min(place, next.steps.length - 1)];
      select(neighbour ? [neighbour.id] : []);
      setSaid(
        `${ids.length === 1 ? nameOf(ids[0] ?? '') : plural(ids.length, 'step')} removed. Control Z brings back.`,
      );
    },
    duplicate(id) {
      const made = duplicateStep(latest.current, id);
      if (!made) return;
      apply(() => made.definition);
      select([made.stepId]);
      setSaid(`Copied as ${made.stepId}.`);
    },
    move(id, by) {
      const next = moveStep(latest.current, id, by);
      if (next === latest.current) return;
      apply(() => next);
      const place = next.steps.findIndex((step) => step.id === id) + 1;
      setSaid(`${nameOf(id)} is step ${place} of ${next.steps.length} now.`);
    },
    connectSteps(from, to, way) {
      const ways = waysToConnect(latest.current, from, to);
      const chosen = way ?? (ways.length === 1 ? ways[0] : undefined);
      if (!chosen) return askToConnect(ways.length > 0 ? { from, to, ways } : undefined);
      apply((before) => connect(before, from, to, chosen));
      askToConnect(undefined);
      setSaid(`${nameOf(to)} follows ${nameOf(from)}.`);
    },
    disconnectSteps(link) {
      apply((before) => disconnect(before, link));
      const stays = linksOf(disconnect(latest.current, link)).some(
        ({ from, to }) => from === link.from && to === link.to,
      );
      setSaid(
        stays
          ? `A text of ${nameOf(link.to)} still names ${nameOf(link.from)}: change it there.`
          : `${nameOf(link.to)} no longer follows ${nameOf(link.from)}.`,
      );
      if (stays) select([link.to]);
    },
    copy(ids) {
      if (ids.length === 0) return undefined;
      copied.current = copyText(latest.current, new Set(ids));
      setSaid(`${plural(ids.length, 'step')} copied.`);
      return copied.current;
    },
    paste(text) {
      const steps = readCopy(text);
      if (!steps) return false;
      const made = pasteSteps(latest.current, steps, selectedIds.at(-1));
      apply(() => made.definition);
      select(made.stepIds);
      setSaid(`${plural(made.stepIds.length, 'step')} pasted.`);
      return true;
    },
    lastCopy: () => copied.current,
  };
}
