'use client';

import { Button, Select } from '@mantine/core';
import { formatMoment } from '../../format/date-format.ts';
import { formatCount } from '../../format/number-format.ts';
import tableClasses from '../../shell/table.module.css';
import type { ShownDataset } from './dataset-page.tsx';
import { countWords, sourceWords } from './dataset-words.ts';
import listClasses from './datasets.module.css';
import { SplitBadges } from './split-badges.tsx';
import { VersionChanges } from './version-changes.tsx';

interface Props {
  dataset: ShownDataset;
  shown: number;
  onChange(change: Record<string, string | null>): void;
}

/** All versions, and what differs between the shown one and another. */
export function VersionsTab({ dataset: { versions }, shown, onChange }: Props) {
  const current = versions.find(({ version }) => version === shown);
  const others = versions.filter(({ version }) => version !== shown);
  const params = new URLSearchParams(typeof location === 'undefined' ? '' : location.search);
  const asked = Number(params.get('since'));
  const since =
    others.find(({ version }) => version === asked) ??
    others.find(({ version }) => version === current?.basedOn) ??
    others.find(({ version }) => version < shown) ??
    others[0];
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard. */}
      <section className={tableClasses.frame} aria-label="Versions" tabIndex={0}>
        <table className={tableClasses.table}>
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">Made</th>
              <th scope="col">From</th>
              <th scope="col" className={tableClasses.number}>
                Items
              </th>
              <th scope="col">Splits</th>
              <th scope="col">Note</th>
            </tr>
          </thead>
          <tbody>
            {versions.map((each) => (
              <tr key={each.id}>
                <td className={listClasses.noWrap}>
                  {each.version === shown ? (
                    <b>{each.version} (shown)</b>
                  ) : (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={`Show version ${each.version}`}
                      onClick={() =>
                        onChange({ version: each === versions[0] ? null : String(each.version), since: null })
                      }
                    >
                      {each.version}
                    </Button>
                  )}
                </td>
                <td className={`${tableClasses.muted} ${listClasses.noWrap}`}>{formatMoment(each.createdAt)}</td>
                <td className={listClasses.noWrap}>
                  {sourceWords[each.source] ?? each.source}
                  {each.basedOn ? <span className={tableClasses.muted}> of version {each.basedOn}</span> : null}
                </td>
                <td className={tableClasses.number}>
                  {formatCount(each.itemCount)}
                  {each.skippedCount > 0 ? (
                    <span className={tableClasses.muted}> ({countWords(each.skippedCount, 'line')} left out)</span>
                  ) : null}
                </td>
                <td>
                  <SplitBadges splits={each.splits} />
                </td>
                <td className={tableClasses.muted}>{each.note ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {since && current ? (
        <section className={listClasses.card} style={{ marginTop: 16 }} aria-labelledby="dataset-changes">
          <h2 id="dataset-changes">What changed to version {shown}</h2>
          <p className={listClasses.hint}>Items are the same when their keys are.</p>
          <Select
            aria-label="Since version"
            mb="sm"
            w={190}
            allowDeselect={false}
            data={others.map(({ version }) => ({ value: String(version), label: `Since version ${version}` }))}
            value={String(since.version)}
            onChange={(value) => onChange({ since: value })}
          />
          <VersionChanges key={`${current.id} ${since.id}`} versionId={current.id} since={since.version} />
        </section>
      ) : null}
    </>
  );
}
