'use client';

import { Drawer, Skeleton } from '@mantine/core';
import { useLocalStorage, useMediaQuery } from '@mantine/hooks';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useQuery } from 'urql';
import { WorkflowRolesDocument } from '../../gql/workflows.ts';
import { usePageTitle } from '../../shell/use-page-title.ts';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import { useMayManage } from '../providers/use-may-manage.ts';
import { AddStepDialog } from './add-step-dialog.tsx';
import { ConflictNotice } from './conflict-notice.tsx';
import { ConnectDialog } from './connect-dialog.tsx';
import { EditorContext, type EditorParts } from './editor-context.ts';
import { EditorHeader } from './editor-header.tsx';
import { EditorPanel, type PanelTab } from './editor-panel.tsx';
import { type EditorShape, EditorToolbar } from './editor-toolbar.tsx';
import classes from './editor-view.module.css';
import { EmptyCanvas } from './empty-canvas.tsx';
import { focusField } from './focus-field.ts';
import type { LiveRunView } from './live-run.tsx';
import { Outline } from './outline.tsx';
import { stepOfProblem } from './problem-place.ts';
import { useEditorActions } from './use-editor-actions.ts';
import { useEditorKeys } from './use-editor-keys.ts';
import { useMayEdit } from './use-may-edit.ts';
import { usePins } from './use-pins.ts';
import { useProblems } from './use-problems.ts';
import { useStepMarks } from './use-step-marks.ts';
import { type EditedWorkflow, useWorkflowEditor } from './use-workflow-editor.ts';
import type { WorkflowProblem } from './workflow-problem-list.tsx';

const Canvas = dynamic(() => import('./canvas.tsx').then((module) => module.Canvas), {
  ssr: false,
  loading: () => <Skeleton h="100%" radius={0} />,
});
const LiveRun = dynamic(() => import('./live-run.tsx').then((module) => module.LiveRun), { ssr: false });
const PublishDialog = dynamic(() => import('./publish-dialog.tsx').then((module) => module.PublishDialog), {
  ssr: false,
});
const VersionsDrawer = dynamic(() => import('./versions-drawer.tsx').then((module) => module.VersionsDrawer), {
  ssr: false,
});
const DuplicateDialog = dynamic(() => import('./duplicate-dialog.tsx').then((module) => module.DuplicateDialog), {
  ssr: false,
});
const DeleteWorkflowDialog = dynamic(
  () => import('./delete-workflow-dialog.tsx').then((module) => module.DeleteWorkflowDialog),
  { ssr: false },
);
const DiscardDialog = dynamic(() => import('./discard-dialog.tsx').then((module) => module.DiscardDialog), {
  ssr: false,
});

export type EditorDialog = 'publish' | 'versions' | 'duplicate' | 'delete' | 'discard';

interface Props {
  workflow: EditedWorkflow;
  /** The step to begin with. */
  step: string | undefined;
}

/** The editor of one workflow: canvas or outline, the fields of a step beside it, and what is wrong with the whole. */
export function EditorView({ workflow, step }: Props) {
  const router = useRouter();
  const mayEdit = useMayEdit();
  const mayManage = useMayManage();
  const editor = useWorkflowEditor(workflow, mayEdit);
  const problems = useProblems(editor.definition);
  const actions = useEditorActions(editor, step);
  const choices = useModelChoices();
  const [{ data: roleData }] = useQuery({ query: WorkflowRolesDocument });
  const isNarrow = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false }) ?? false;
  const [wanted, setShape] = useLocalStorage<EditorShape | 'usual'>({
    key: 'switchyard.workflow-shape',
    defaultValue: 'usual',
    getInitialValueInEffect: false,
  });
  const shape: EditorShape = wanted === 'usual' ? (isNarrow ? 'outline' : 'canvas') : wanted;
  const [tab, setTab] = useState<PanelTab>(step === undefined ? 'workflow' : 'step');
  const [isPanelOpen, setPanelOpen] = useState(false);
  const [dialog, setDialog] = useState<EditorDialog>();
  const [isHeatShown, setHeatShown] = useState(false);
  const pins = usePins(workflow.id);
  const [runId, setRunId] = useState<string>();
  const [live, setLive] = useState<LiveRunView>();
  const marks = useStepMarks(editor, isHeatShown, pins.outputs, live);
  const panel = useRef<HTMLDivElement>(null);
  useEditorKeys(editor, actions);
  const name = editor.definition.title ?? editor.workflow.name;
  usePageTitle(name);

  const parts = useMemo<EditorParts>(
    () => ({ editor, actions, problems, choices, roles: roleData?.roles ?? [] }),
    [editor, actions, problems, choices, roleData],
  );
  const show = useCallback((next: PanelTab) => {
    setTab(next);
    setPanelOpen(true);
  }, []);
  const openStep = (id: string) => {
    actions.select([id]);
    show('step');
    if (!isNarrow) focusField(panel, '');
  };
  const openProblem = (problem: WorkflowProblem) => {
    const of = stepOfProblem(editor.definition, problem);
    if (of) actions.select([of.id]);
    show(of ? 'step' : 'workflow');
    focusField(panel, problem.path);
  };

  // Who chooses a step wants to see it, unless results are looked at.
  const { selectedId } = actions;
  useEffect(() => {
    if (selectedId !== undefined) setTab((known) => (known === 'run' ? known : 'step'));
  }, [selectedId]);

  const isEmpty = editor.definition.steps.length === 0;
  const panelView = (
    <EditorPanel
      ref={panel}
      tab={tab}
      onTab={setTab}
      onOpenProblem={openProblem}
      onRenamed={(id) => actions.select([id])}
      live={live}
      pins={pins}
      onStarted={(id) => {
        setLive(undefined);
        setRunId(id);
      }}
    />
  );

  return (
    <EditorContext value={parts}>
      <div className={classes.editor}>
        <EditorHeader name={name} mayManage={mayManage} onOpen={setDialog} />
        <ConflictNotice />
        <EditorToolbar
          shape={shape}
          onShape={setShape}
          isHeatShown={isHeatShown}
          onHeat={setHeatShown}
          onShowWorkflow={() => show('workflow')}
          onShowProblems={() => show('problems')}
          onShowRun={() => show('run')}
        />
        <div className={classes.body} data-shape={shape}>
          <div className={classes.main}>
            {isEmpty ? (
              <EmptyCanvas />
            ) : shape === 'canvas' ? (
              <Canvas
                marks={marks}
                onOpenInputs={() => show('workflow')}
                onOpenStep={isNarrow ? openStep : undefined}
              />
            ) : (
              <div className={classes.outline}>
                <Outline marks={marks} onOpen={openStep} />
              </div>
            )}
          </div>
          {isNarrow ? (
            <Drawer
              opened={isPanelOpen}
              onClose={() => setPanelOpen(false)}
              position="right"
              size="100%"
              title={name}
              closeButtonProps={{ 'aria-label': 'Close' }}
            >
              {panelView}
            </Drawer>
          ) : (
            <aside className={classes.panel} aria-label="Details">
              {panelView}
            </aside>
          )}
        </div>
        <p className="visually-hidden" role="status">
          {actions.said}
        </p>
      </div>
      {runId === undefined ? null : <LiveRun key={runId} id={runId} onChange={setLive} />}
      <AddStepDialog />
      <ConnectDialog />
      {dialog === 'publish' ? <PublishDialog onClose={() => setDialog(undefined)} onOpenProblem={openProblem} /> : null}
      {dialog === 'versions' ? <VersionsDrawer mayManage={mayManage} onClose={() => setDialog(undefined)} /> : null}
      {dialog === 'discard' ? <DiscardDialog onClose={() => setDialog(undefined)} /> : null}
      {dialog === 'duplicate' ? (
        <DuplicateDialog workflow={editor.workflow} onClose={() => setDialog(undefined)} />
      ) : null}
      {dialog === 'delete' ? (
        <DeleteWorkflowDialog
          workflow={editor.workflow}
          onClose={() => setDialog(undefined)}
          onDeleted={() => router.push('/workflows')}
        />
      ) : null}
    </EditorContext>
  );
}
