/** The address of a dataset; without a version that of the newest one. */
export function datasetHref(id: string, version?: number): string {
  return `/datasets?id=${encodeURIComponent(id)}${version === undefined ? '' : `&version=${version}`}`;
}

/** The address of a version as a file. */
export function exportHref(versionId: string, format: 'csv' | 'jsonl', split?: string): string {
  const part = split ? `&split=${encodeURIComponent(split)}` : '';
  return `/api/datasets/export?version=${encodeURIComponent(versionId)}&format=${format}${part}`;
}
