'use client';

import '@xyflow/react/dist/base.css';
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconMaximize, IconMinus, IconPlus, IconWand } from '@tabler/icons-react';
import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  type Connection,
  MarkerType,
  MiniMap,
  type NodeChange,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import classes from './canvas.module.css';
import { stepName } from './definition.ts';
import { useEditorParts } from './editor-context.ts';
import { cardSize, inputLinksOf, inputsCard } from './lay-out-cards.ts';
import { type LinkEdge, LinkLine } from './link-line.tsx';
import { stepOfProblem } from './problem-place.ts';
import { InputsCard, type InputsNode, StepCard, type StepNode } from './step-card.tsx';
import type { StepMarks } from './step-marks.ts';
import { answererWords, modelsOf } from './step-summary.ts';
import { stepTypeWords } from './step-words.ts';
import { useCardPlaces } from './use-card-places.ts';
import { type Link, linksOf } from './workflow-links.ts';

const nodeTypes = { step: StepCard, inputs: InputsCard };
const edgeTypes = { link: LinkLine };

type CanvasNode = StepNode | InputsNode;

interface Props {
  marks: StepMarks;
  /** Shows the inputs of the workflow. */
  onOpenInputs(): void;
  /** Where the fields are not beside the canvas: shows those of a card that is pressed. */
  onOpenStep?: ((id: string) => void) | undefined;
}

/** The workflow as a graph: cards that can be moved, lines that can be drawn, a map of the whole. */
export function Canvas(props: Props) {
  return (
    <ReactFlowProvider>
      <CanvasView {...props} />
    </ReactFlowProvider>
  );
}

const edgeId = ({ from, to, caseIndex }: Link) => `${from}>${to}>${caseIndex ?? ''}`;

function CanvasView({ marks, onOpenInputs, onOpenStep }: Props) {
  const { editor, actions, problems, roles } = useEditorParts();
  const { definition, isReadOnly, workflow } = editor;
  const flow = useReactFlow<CanvasNode, LinkEdge>();
  const { places, bends, move, tidyUp } = useCardPlaces(workflow, definition, isReadOnly);
  const [selectedEdge, setSelectedEdge] = useState<string>();
  const links = useMemo(() => linksOf(definition), [definition]);
  const { selectedIds, select } = actions;

  const built = useMemo<CanvasNode[]>(() => {
    const chosen = new Set(selectedIds);
    const steps = definition.steps.map((step): StepNode => {
      const own = problems.all.filter((problem) => stepOfProblem(definition, problem) === step);
      return {
        id: step.id,
        type: 'step',
        position: places.get(step.id) ?? { x: 0, y: 0 },
        ...cardSize,
        selected: chosen.has(step.id),
        deletable: false,
        ariaLabel: `${stepTypeWords[step.type].label} step ${stepName(step)}`,
        data: {
          step,
          answerer: answererWords(step, roles),
          models: modelsOf(step, roles),
          problems: own,
          mark: marks.get(step.id),
        },
      };
    });
    const names = Object.keys(definition.inputs ?? {});
    const place = places.get(inputsCard);
    if (names.length === 0 || !place) return steps;
    const inputs: InputsNode = {
      id: inputsCard,
      type: 'inputs',
      position: place,
      ...cardSize,
      deletable: false,
      draggable: false,
      ariaLabel: `Inputs: ${names.join(', ')}`,
      data: { names },
    };
    return [inputs, ...steps];
  }, [definition, places, selectedIds, problems.all, roles, marks]);

  const [nodes, setNodes] = useState<CanvasNode[]>(built);
  useEffect(() => {
    setNodes((before) => {
      const known = new Map(before.map((node) => [node.id, node]));
      return built.map((node) => ({ ...node, measured: known.get(node.id)?.measured }) as CanvasNode);
    });
  }, [built]);

  const { askToAdd } = actions;
  const edges = useMemo<LinkEdge[]>(() => {
    const nameOf = (id: string) => stepName(definition.steps.find((step) => step.id === id) ?? { id });
    const shared = {
      type: 'link' as const,
      deletable: false,
      markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16, color: 'var(--sy-border-strong)' },
    };
    const between = links.map(
      (link): LinkEdge => ({
        ...shared,
        id: edgeId(link),
        source: link.from,
        target: link.to,
        sourceHandle:
          link.kind === 'case'
            ? `case-${link.caseIndex}`
            : definition.steps.find(({ id }) => id === link.from)?.type === 'branch'
              ? 'case-0'
              : 'out',
        targetHandle: 'in',
        selected: edgeId(link) === selectedEdge,
        ariaLabel: `From ${nameOf(link.from)} to ${nameOf(link.to)}: ${link.label}`,
        data: {
          label: link.label,
          bend: bends.get(`${link.from}>${link.to}`),
          link,
          addLabel: `Add a step between ${nameOf(link.from)} and ${nameOf(link.to)}`,
          onAdd: isReadOnly ? undefined : (on: Link) => askToAdd({ link: on }),
        },
      }),
    );
    const ofInputs = inputLinksOf(definition).map(
      ({ to, label }): LinkEdge => ({
        ...shared,
        id: `inputs>${to}`,
        source: inputsCard,
        target: to,
        sourceHandle: 'out',
        targetHandle: 'in',
        selectable: false,
        focusable: false,
        ariaLabel: `Inputs ${label} go to ${nameOf(to)}`,
        data: { label, addLabel: '' },
      }),
    );
    return [...ofInputs, ...between];
  }, [definition, links, bends, selectedEdge, isReadOnly, askToAdd]);

  const latestIds = useRef(selectedIds);
  latestIds.current = selectedIds;
  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      setNodes((before) => applyNodeChanges(changes, before));
      const chosen = new Set(latestIds.current);
      let isSelectionChanged = false;
      for (const change of changes) {
        if (change.type === 'select' && change.id !== inputsCard) {
          isSelectionChanged = true;
          if (change.selected) chosen.add(change.id);
          else chosen.delete(change.id);
        }
        // Arrow keys move a card at once; the mouse tells when it has let go.
        if (change.type === 'position' && change.position && change.dragging === undefined)
          move([[change.id, change.position]]);
      }
      if (isSelectionChanged) {
        latestIds.current = [...chosen];
        select(latestIds.current);
      }
    },
    [select, move],
  );

  // A step that was added or found elsewhere comes into view.
  const shown = useRef(selectedIds[0]);
  const [chosen] = selectedIds;
  useEffect(() => {
    if (chosen === undefined || chosen === shown.current) return;
    shown.current = chosen;
    const timer = setTimeout(() => {
      const bounds = document.querySelector('.react-flow__pane')?.getBoundingClientRect();
      const card = document
        .querySelector(`.react-flow__node[data-id="${CSS.escape(chosen)}"]`)
        ?.getBoundingClientRect();
      if (!bounds || !card) return;
      const isInside =
        card.left >= bounds.left &&
        card.right <= bounds.right &&
        card.top >= bounds.top &&
        card.bottom <= bounds.bottom;
      if (!isInside)
        void flow.fitView({ nodes: [{ id: chosen }], maxZoom: flow.getZoom(), minZoom: flow.getZoom(), duration: 200 });
    }, 60);
    return () => clearTimeout(timer);
  }, [chosen, flow]);

  const onConnect = ({ source, target, sourceHandle }: Connection) => {
    const index = /^case-(-?\d+)$/.exec(sourceHandle ?? '')?.[1];
    actions.connectSteps(source, target, index === undefined ? undefined : { kind: 'case', caseIndex: Number(index) });
  };
  const linkOf = (id: string | undefined) => links.find((link) => edgeId(link) === id);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the lines within.
    <div
      className={classes.canvas}
      onKeyDown={(event) => {
        const link = linkOf(selectedEdge);
        if (!link || isReadOnly || (event.key !== 'Delete' && event.key !== 'Backspace')) return;
        event.preventDefault();
        event.stopPropagation();
        actions.disconnectSteps(link);
      }}
    >
      <ReactFlow<CanvasNode, LinkEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onEdgesChange={(changes) => {
          for (const change of changes) {
            if (change.type !== 'select') continue;
            if (change.selected) setSelectedEdge(change.id);
            else setSelectedEdge((known) => (known === change.id ? undefined : known));
          }
        }}
        onNodeClick={(_event, { id }) => (id === inputsCard ? onOpenInputs() : onOpenStep?.(id))}
        onNodeDragStop={(_event, _node, moved) => move(moved.map(({ id, position }) => [id, position]))}
        onConnect={onConnect}
        isValidConnection={({ source, target }) => source !== target}
        nodesConnectable={!isReadOnly}
        deleteKeyCode={null}
        multiSelectionKeyCode={['Shift', 'Control', 'Meta']}
        selectionKeyCode="Shift"
        minZoom={0.1}
        maxZoom={1.6}
        fitView
        fitViewOptions={{ padding: 0.1, minZoom: 0.45, maxZoom: 1 }}
        onlyRenderVisibleElements={definition.steps.length > 120}
        proOptions={{ hideAttribution: true }}
        aria-label="Graph of the workflow"
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} color="var(--sy-border-strong)" />
        {definition.steps.length > 3 ? (
          <MiniMap
            className={classes.map ?? ''}
            style={{ width: 132, height: 132 }}
            ariaLabel="Map of the whole workflow"
            pannable
            zoomable
            nodeBorderRadius={8}
            nodeColor={(node) => (node.selected ? 'var(--sy-accent)' : 'var(--sy-border-strong)')}
            maskColor="color-mix(in srgb, var(--sy-canvas) 70%, transparent)"
            bgColor="var(--sy-surface)"
          />
        ) : null}
        <Panel position="bottom-left" className={classes.tools ?? ''}>
          <Tool label="Zoom in" onClick={() => void flow.zoomIn({ duration: 120 })}>
            <IconPlus size={16} />
          </Tool>
          <Tool label="Zoom out" onClick={() => void flow.zoomOut({ duration: 120 })}>
            <IconMinus size={16} />
          </Tool>
          <Tool label="Show everything" onClick={() => void flow.fitView({ duration: 200, padding: 0.14, maxZoom: 1 })}>
            <IconMaximize size={16} />
          </Tool>
          <Tool
            label="Tidy up"
            onClick={() => {
              tidyUp();
              setTimeout(() => void flow.fitView({ duration: 200, padding: 0.14, maxZoom: 1 }), 60);
            }}
          >
            <IconWand size={16} />
          </Tool>
        </Panel>
      </ReactFlow>
    </div>
  );
}

function Tool({ label, onClick, children }: { label: string; onClick(): void; children: React.ReactNode }) {
  return (
    <Tooltip label={label} position="right">
      <ActionIcon aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
