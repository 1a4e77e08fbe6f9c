'use client';

import { ActionIcon, Button, SegmentedControl, Tooltip } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCircleCheck,
  IconFlame,
  IconListTree,
  IconPlayerPlay,
  IconPlus,
  IconSettings,
  IconSitemap,
} from '@tabler/icons-react';
import { useEditorParts } from './editor-context.ts';
import classes from './editor-toolbar.module.css';
import { plural } from './step-words.ts';

export type EditorShape = 'canvas' | 'outline';

interface Props {
  shape: EditorShape;
  onShape(shape: EditorShape): void;
  isHeatShown: boolean;
  onHeat(isShown: boolean): void;
  onShowWorkflow(): void;
  onShowProblems(): void;
  onShowRun(): void;
}

/** Steps, history, ways to look at the workflow, and how much is wrong with it. */
export function EditorToolbar({
  shape,
  onShape,
  isHeatShown,
  onHeat,
  onShowWorkflow,
  onShowProblems,
  onShowRun,
}: Props) {
  const { editor, actions, problems } = useEditorParts();
  const { errorCount, warningCount } = problems;
  return (
    <div className={classes.bar} role="toolbar" aria-label="Editor">
      {editor.isReadOnly ? null : (
        <>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={15} />}
            onClick={() => actions.askToAdd({ afterId: actions.selectedId ?? editor.definition.steps.at(-1)?.id })}
          >
            Add step
          </Button>
          <Tool label="Undo" keys="Ctrl+Z" isDisabled={!editor.canUndo} onClick={editor.undo}>
            <IconArrowBackUp size={17} />
          </Tool>
          <Tool label="Redo" keys="Ctrl+Shift+Z" isDisabled={!editor.canRedo} onClick={editor.redo}>
            <IconArrowForwardUp size={17} />
          </Tool>
          <span className={classes.rule} />
        </>
      )}
      <SegmentedControl
        size="xs"
        aria-label="Shown as"
        data={[
          { value: 'canvas', label: <Shape icon={<IconSitemap size={15} />} word="Canvas" /> },
          { value: 'outline', label: <Shape icon={<IconListTree size={15} />} word="Outline" /> },
        ]}
        value={shape}
        onChange={(value) => onShape(value as EditorShape)}
      />
      <Button
        size="xs"
        variant={isHeatShown ? 'light' : 'subtle'}
        leftSection={<IconFlame size={15} />}
        aria-pressed={isHeatShown}
        onClick={() => onHeat(!isHeatShown)}
      >
        Cost and speed
      </Button>
      <span className={classes.space} />
      <Button size="xs" variant="light" leftSection={<IconPlayerPlay size={15} />} onClick={onShowRun}>
        Run
      </Button>
      <Button size="xs" variant="subtle" leftSection={<IconSettings size={15} />} onClick={onShowWorkflow}>
        Inputs and settings
      </Button>
      <Button
        size="xs"
        variant="subtle"
        className={classes.problems}
        data-tone={errorCount > 0 ? 'bad' : warningCount > 0 ? 'warn' : 'good'}
        leftSection={errorCount + warningCount > 0 ? <IconAlertTriangle size={15} /> : <IconCircleCheck size={15} />}
        onClick={onShowProblems}
      >
        {errorCount > 0
          ? plural(errorCount, 'error')
          : warningCount > 0
            ? plural(warningCount, 'warning')
            : 'No problems'}
      </Button>
    </div>
  );
}

const Shape = ({ icon, word }: { icon: React.ReactNode; word: string }) => (
  <span className={classes.shape}>
    {icon} {word}
  </span>
);

interface ToolProps {
  label: string;
  keys: string;
  isDisabled: boolean;
  onClick(): void;
  children: React.ReactNode;
}

const Tool = ({ label, keys, isDisabled, onClick, children }: ToolProps) => (
  <Tooltip label={`${label} (${keys})`}>
    <ActionIcon
      size={30}
      aria-label={label}
      aria-keyshortcuts={keys.replaceAll('Ctrl', 'Control')}
      disabled={isDisabled}
      onClick={onClick}
    >
      {children}
    </ActionIcon>
  </Tooltip>
);
