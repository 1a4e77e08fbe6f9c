'use client';

import { Select } from '@mantine/core';
import tableClasses from '../../shell/table.module.css';
import { assignColumn, type Mapping, type Part, partOf, parts, partWords } from './column-mapping.ts';
import { valueText } from './dataset-words.ts';
import classes from './datasets.module.css';
import type { ImportPreview } from './use-import-preview.ts';

interface Props {
  preview: ImportPreview;
  mapping: Mapping;
  onChange(mapping: Mapping): void;
}

const choices = [
  { value: 'field', label: 'Field: kept as it is' },
  ...parts.map((part) => ({ value: part, label: `${partWords[part].label}: ${partWords[part].hint}` })),
];

/** Which column is what, with values of the first items beside it. */
export function MappingTable({ preview, mapping, onChange }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard.
    <section className={tableClasses.frame} aria-label="Columns" tabIndex={0}>
      <table className={tableClasses.table}>
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Is</th>
            <th scope="col">First values</th>
          </tr>
        </thead>
        <tbody>
          {preview.columns.map((column) => (
            <tr key={column}>
              <th scope="row">{column}</th>
              <td>
                <Select
                  aria-label={`Column ${column} is`}
                  w={230}
                  allowDeselect={false}
                  data={choices}
                  value={partOf(mapping, column) ?? 'field'}
                  onChange={(value) =>
                    onChange(assignColumn(mapping, column, value === 'field' ? undefined : (value as Part)))
                  }
                />
              </td>
              <td>
                <span className={classes.clip}>{samplesOf(preview, column) || '—'}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function samplesOf({ items, mapping }: ImportPreview, column: string): string {
  const part = parts.find((each) => mapping[each] === column);
  const values = items.map((item) =>
    part ? (item[part] ?? '') : valueText((item.fields as Record<string, unknown>)[column]),
  );
  return [...new Set(values.filter((value) => value !== ''))]
    .slice(0, 3)
    .map((value) => (value.length > 80 ? `${value.slice(0, 80)}…` : value))
    .join('  ·  ');
}
