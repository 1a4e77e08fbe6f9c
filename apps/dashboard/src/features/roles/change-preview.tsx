'use client';

import { SegmentedControl, Skeleton } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { formatCount, formatDuration, formatShare, formatUsd } from '../../format/number-format.ts';
import { type RoleFigureFieldsFragment, RoleHistoryDocument } from '../../gql/roles.ts';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { markOf } from '../catalog/model-identity.ts';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import type { ModelChoices } from '../catalog/use-model-choices.ts';
import classes from './change-preview.module.css';
import {
  type Basis,
  type ChangePreview,
  type ModelFigures,
  type ModelPreview,
  previewChange,
} from './preview-change.ts';
import { modelsBehind, nameOfModel, type RoleReport } from './role-view.ts';
import { type Origin, useRange } from './use-role-data.ts';

interface Props {
  roleName: string;
  /** As the role would ask them. */
  models: readonly string[];
  choices: ModelChoices;
  origin: Origin;
}

const ranges = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
];
const toNumbers = (figures: RoleFigureFieldsFragment) => ({ ...figures, costUsd: Number(figures.costUsd) });
const byModel = (report: RoleReport): ModelFigures[] =>
  report.groups.map(({ values, figures }) => ({ ...toNumbers(figures), modelId: values[0]?.value ?? '' }));

/** What this role's recorded requests would have come to with the order in the editor. */
export function ChangePreviewPanel({ roleName, models, choices, origin }: Props) {
  const [days, setDays] = useState('7');
  const range = useRange(Number(days));
  const [{ data, error, fetching }] = useQuery({
    query: RoleHistoryDocument,
    variables: { ...range, filter: { roles: [roleName] }, origin },
  });
  const order = useMemo(() => models.map((model) => modelsBehind(model, choices)), [models, choices]);
  const preview = useMemo(() => {
    if (!data || order.includes(undefined)) return undefined;
    const priceOf = (modelId: string) => {
      const { inputPerMillionUsd: input, outputPerMillionUsd: output } = choices.byId.get(modelId)?.price ?? {};
      return input && output ? { inputUsd: Number(input), outputUsd: Number(output) } : undefined;
    };
    const history = { total: toNumbers(data.ofRole.total), ofRole: byModel(data.ofRole), ofTeam: byModel(data.ofTeam) };
    return previewChange(
      history,
      order.flatMap((ids) => ids ?? []),
      priceOf,
    );
  }, [data, order, choices]);
  return (
    <section className={classes.preview} aria-labelledby="change-preview">
      <header className={classes.header}>
        <h3 className={classes.title} id="change-preview">
          <IconHistory size={16} aria-hidden="true" /> What it would have come to
          <OriginBadge origin={origin} isCompact />
        </h3>
        <SegmentedControl size="xs" data={ranges} value={days} onChange={setDays} aria-label="Look back" />
      </header>
      {preview ? (
        <Figures preview={preview} choices={choices} days={days} />
      ) : fetching && !data ? (
        <Skeleton h={90} radius={8} />
      ) : (
        <p className={classes.note}>
          {whyNothing(error !== undefined, order.includes(undefined), models.length, days)}
        </p>
      )}
    </section>
  );
}

function whyNothing(hasFailed: boolean, isAutomatic: boolean, count: number, days: string): string {
  if (hasFailed) return 'The recorded calls could not be read. Saving works all the same.';
  if (count === 0) return 'Without models of its own the role cannot be looked at ahead: whoever stands in answers.';
  if (isAutomatic) return 'The router chooses anew for each call, so nobody can tell ahead. Its decisions say why.';
  return `Nobody got an answer from this role in the last ${days} days, so there is nothing to compare with yet.`;
}

function Figures({ preview, choices, days }: { preview: ChangePreview; choices: ModelChoices; days: string }) {
  const { requests, recorded, estimated, models, unmeasured } = preview;
  const isPartly = recorded.unknownCostCalls > 0;
  return (
    <>
      <dl className={classes.figures}>
        <Figure
          label="Cost"
          was={`${isPartly ? '≥ ' : ''}${formatUsd(recorded.costUsd)}`}
          would={estimated.costUsd === null ? 'unknown' : `≈ ${formatUsd(estimated.costUsd)}`}
          change={isPartly || estimated.costUsd === null ? null : ratioOf(estimated.costUsd, recorded.costUsd)}
        />
        <Figure
          label="Mean time"
          was={recorded.meanMs === null ? '—' : formatDuration(recorded.meanMs)}
          would={estimated.meanMs === null ? 'unknown' : `≈ ${formatDuration(estimated.meanMs)}`}
          change={
            recorded.meanMs === null || estimated.meanMs === null ? null : ratioOf(estimated.meanMs, recorded.meanMs)
          }
        />
        <div>
          <dt>Answered by these models</dt>
          <dd>
            <strong>{formatShare(estimated.answered)}</strong>
          </dd>
        </div>
      </dl>
      <ul className={classes.models}>
        {models.map((model) => (
          <ModelLine key={model.modelId} model={model} choices={choices} />
        ))}
      </ul>
      <p className={classes.note}>
        Of {formatCount(requests)} {requests === 1 ? 'request' : 'requests'} in {days} days. Whether another model
        writes longer answers is not foreseen.
        {unmeasured.length > 0
          ? ` ${unmeasured.map((id) => nameOfModel(id, choices)).join(', ')} ${unmeasured.length === 1 ? 'has' : 'have'} too few calls to know failures: taken as certain to answer.`
          : ''}
        {isPartly ? ` ${formatCount(recorded.unknownCostCalls)} calls have no known cost.` : ''}
      </p>
    </>
  );
}

/** `−38 %`, or null when there is nothing to compare with. */
function ratioOf(would: number, was: number): number | null {
  return was > 0 ? would / was - 1 : null;
}

function Figure({ label, was, would, change }: { label: string; was: string; would: string; change: number | null }) {
  const isSame = change !== null && Math.abs(change) < 0.005;
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <span className={classes.was}>{was}</span> → <strong>{would}</strong>
        {change === null || isSame ? null : (
          <span className={classes.change} data-tone={change < 0 ? 'good' : 'bad'}>
            {change < 0 ? '−' : '+'}
            {Math.abs(change) < 0.1 ? formatShare(Math.abs(change)) : `${formatCount(Math.abs(change) * 100)} %`}
          </span>
        )}
      </dd>
    </div>
  );
}

const costWords: Record<Basis, string> = {
  role: 'measured on this role',
  team: 'measured on other calls',
  price: 'list price × this role’s tokens',
  none: 'no price',
};
const timeWords: Record<Basis, string> = {
  role: 'measured on this role',
  team: 'measured on other calls',
  price: '',
  none: 'never measured',
};

function ModelLine({ model, choices }: { model: ModelPreview; choices: ModelChoices }) {
  const { modelId, share, recordedShare, costUsd, costBasis, meanMs, meanBasis } = model;
  return (
    <li className={classes.model}>
      <span className={classes.modelName}>
        <ModelGlyph mark={markOf(modelId)} size={12} /> {nameOfModel(modelId, choices)}
      </span>
      <span className={classes.tracks} aria-hidden="true">
        <span style={{ width: `${recordedShare * 100}%` }} data-kind="was" />
        <span style={{ width: `${share * 100}%` }} data-kind="would" />
      </span>
      <span className={classes.shares}>
        {formatShare(recordedShare)} → <strong>{formatShare(share)}</strong>
      </span>
      <span className={classes.basis}>
        {costUsd === null ? 'a call: unknown' : `a call: ${formatUsd(costUsd)}`} ({costWords[costBasis]}) ·{' '}
        {meanMs === null ? 'time unknown' : formatDuration(meanMs)} ({timeWords[meanBasis]})
      </span>
    </li>
  );
}
