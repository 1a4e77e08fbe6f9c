import type { Services } from '../../container.ts';
import type { DatasetItem } from '../../generated/prisma/client.ts';
import type { FileFormat } from './read/read-file.ts';

const parts = ['key', 'input', 'expected', 'cluster', 'split'] as const;
const perPage = 500;

/** A version as a file that an import takes as it is; undefined when the team has no such version. */
export async function exportVersion(
  services: Services,
  teamId: string,
  versionId: string,
  { format, split }: { readonly format: FileFormat; readonly split: string | undefined },
): Promise<{ readonly fileName: string; readonly pieces: AsyncIterable<string> } | undefined> {
  const version = await services.prisma.datasetVersion.findFirst({
    where: { id: versionId, teamId, version: { not: null } },
    include: { dataset: { select: { name: true } } },
  });
  if (!version) return undefined;
  const name =
    version.dataset.name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[-.]+|[-.]+$/g, '') || 'dataset';
  const fileName = `${name}-v${version.version}${split === undefined ? '' : `-${split}`}.${format}`;
  return { fileName, pieces: pieces() };

  async function* pieces(): AsyncGenerator<string> {
    const columns = nameFields(version!.fieldNames);
    if (format === 'csv') yield `${[...parts, ...columns.values()].map(quote).join(',')}\r\n`;
    for (let afterPosition = -1; ; ) {
      const page = await services.datasets.readItems(teamId, versionId, { afterPosition, most: perPage, split });
      if (page.length > 0) yield page.map((item) => lineOf(item, columns, format)).join('');
      afterPosition = page.at(-1)?.position ?? afterPosition;
      if (page.length < perPage) return;
    }
  }
}

/** Other columns by what they are called in the file: one that has the name of a part gets a number. */
function nameFields(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>(parts);
  const named = new Map<string, string>();
  for (const name of names) {
    let chosen = name;
    for (let count = 2; taken.has(chosen); count += 1) chosen = `${name} (${count})`;
    taken.add(chosen);
    named.set(name, chosen);
  }
  return named;
}

function lineOf(item: DatasetItem, columns: ReadonlyMap<string, string>, format: FileFormat): string {
  const fields = JSON.parse(item.fields) as Readonly<Record<string, unknown>>;
  if (format === 'csv') {
    const values = [...parts.map((part) => item[part]), ...[...columns.keys()].map((name) => fields[name])];
    return `${values.map((value) => quote(textOf(value))).join(',')}\r\n`;
  }
  const own = parts.flatMap((part) => (item[part] === null ? [] : [[part, item[part]] as const]));
  const others = Object.entries(fields).map(([name, value]) => [columns.get(name) ?? name, value] as const);
  return `${JSON.stringify(Object.fromEntries([...others, ...own]))}\n`;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const quote = (text: string): string => (/[",;|\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
