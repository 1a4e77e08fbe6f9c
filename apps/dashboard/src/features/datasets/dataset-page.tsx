'use client';

import { Button, Menu, Select, Skeleton, Tabs } from '@mantine/core';
import {
  IconChevronDown,
  IconDownload,
  IconFileImport,
  IconHistory,
  IconPencil,
  IconSlice,
  IconTrash,
} from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useQuery } from 'urql';
import { formatMoment } from '../../format/date-format.ts';
import { DatasetPageDocument, type DatasetPageQuery } from '../../gql/datasets.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { BackLink } from '../../shell/back-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { usePageTitle } from '../../shell/use-page-title.ts';
import { useMayRun } from '../health/use-may-run.ts';
import { useMayManage } from '../providers/use-may-manage.ts';
import { exportHref } from './dataset-links.ts';
import classes from './dataset-page.module.css';
import { countWords, sourceWords } from './dataset-words.ts';
import { ItemsTab } from './items-tab.tsx';
import { SplitBar } from './split-bar.tsx';

const VersionsTab = dynamic(() => import('./versions-tab.tsx').then((module) => module.VersionsTab), { ssr: false });
const ClustersTab = dynamic(() => import('./clusters-tab.tsx').then((module) => module.ClustersTab), { ssr: false });
const UsesTab = dynamic(() => import('./uses-tab.tsx').then((module) => module.UsesTab), { ssr: false });
const SplitDialog = dynamic(() => import('./split-dialog.tsx').then((module) => module.SplitDialog), { ssr: false });
const RenameDialog = dynamic(() => import('./rename-dialog.tsx').then((module) => module.RenameDialog), {
  ssr: false,
});
const DeleteDialog = dynamic(() => import('./delete-dialog.tsx').then((module) => module.DeleteDialog), {
  ssr: false,
});

export type ShownDataset = NonNullable<DatasetPageQuery['dataset']>;

interface Props {
  id: string;
  address: URLSearchParams;
  onChange(change: Record<string, string | null>): void;
}

/** State of one tab or version means nothing to another. */
const cleared = { search: null, split: null, cluster: null };

/** One dataset: its items, how its versions differ, what uses it. */
export function DatasetPage({ id, address, onChange }: Props) {
  const router = useRouter();
  const mayMake = useMayRun();
  const mayManage = useMayManage();
  const [dialog, setDialog] = useState<'split' | 'rename' | 'delete'>();
  const asked = Number(address.get('version'));
  const wanted = Number.isInteger(asked) && asked > 0 && asked < 2 ** 31 ? asked : undefined;
  const [{ data, error }, reload] = useQuery({
    query: DatasetPageDocument,
    variables: { id, ...(wanted ? { number: wanted } : {}) },
    requestPolicy: 'cache-and-network',
  });
  const dataset = data?.dataset;
  usePageTitle(dataset?.name ?? 'Dataset');
  const back = <BackLink href="/datasets">Datasets</BackLink>;
  if (error && !dataset)
    return (
      <>
        {back}
        <FailureNotice failure={describeFailure(error)} onRetry={() => reload({ requestPolicy: 'network-only' })} />
      </>
    );
  if (data && !dataset)
    return (
      <>
        {back}
        <EmptyState
          title="There is no such dataset"
          action={
            <Button component={AppLink} href="/datasets" variant="default">
              All datasets
            </Button>
          }
        >
          It was deleted, or it belongs to another team. Tests that were started with it keep their items.
        </EmptyState>
      </>
    );
  if (!dataset)
    return (
      <>
        {back}
        <Skeleton h={64} radius={12} mb="md" />
        <Skeleton h={360} radius={12} />
      </>
    );
  const newest = dataset.versions[0]?.version ?? 0;
  const version = dataset.version;
  const opened = address.get('tab');
  const tab = opened === 'versions' || opened === 'clusters' || opened === 'tests' ? opened : 'items';
  const into = `&into=${encodeURIComponent(id)}`;
  return (
    <>
      {back}
      <PageHeader
        title={dataset.name}
        description={dataset.description ?? undefined}
        actions={
          <>
            {version ? (
              <Menu position="bottom-end" width={230}>
                <Menu.Target>
                  <Button
                    variant="default"
                    leftSection={<IconDownload size={16} />}
                    rightSection={<IconChevronDown size={14} />}
                  >
                    Download
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item component="a" href={exportHref(version.id, 'csv')} download>
                    Version {version.version} as CSV
                  </Menu.Item>
                  <Menu.Item component="a" href={exportHref(version.id, 'jsonl')} download>
                    Version {version.version} as JSONL
                  </Menu.Item>
                  {version.splits.map(({ name }) => (
                    <Menu.Item key={name} component="a" href={exportHref(version.id, 'jsonl', name)} download>
                      Only {name} as JSONL
                    </Menu.Item>
                  ))}
                </Menu.Dropdown>
              </Menu>
            ) : null}
            {mayMake ? (
              <Menu position="bottom-end" width={230}>
                <Menu.Target>
                  <Button rightSection={<IconChevronDown size={14} />}>New version</Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item
                    leftSection={<IconFileImport size={16} />}
                    onClick={() => router.push(`/datasets?new=import${into}`)}
                  >
                    From a file
                  </Menu.Item>
                  <Menu.Item
                    leftSection={<IconHistory size={16} />}
                    onClick={() => router.push(`/datasets?new=history${into}`)}
                  >
                    From past runs
                  </Menu.Item>
                  <Menu.Item leftSection={<IconSlice size={16} />} onClick={() => setDialog('split')}>
                    Split by chance
                  </Menu.Item>
                  <Menu.Divider />
                  <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setDialog('rename')}>
                    Rename
                  </Menu.Item>
                  {mayManage ? (
                    <Menu.Item
                      color="var(--sy-bad)"
                      leftSection={<IconTrash size={16} />}
                      onClick={() => setDialog('delete')}
                    >
                      Delete
                    </Menu.Item>
                  ) : null}
                </Menu.Dropdown>
              </Menu>
            ) : null}
          </>
        }
      />
      <div className={classes.facts}>
        <Select
          aria-label="Version"
          w={170}
          allowDeselect={false}
          data={dataset.versions.map((each) => ({
            value: String(each.version),
            label: `Version ${each.version}${each.version === newest ? ' (newest)' : ''}`,
          }))}
          value={String(version?.version ?? newest)}
          onChange={(value) => onChange({ ...cleared, version: value === String(newest) ? null : value })}
        />
        {version ? (
          <p>
            <b>{countWords(version.itemCount, 'item')}</b>, {sourceWords[version.source] ?? version.source}
            {version.basedOn ? ` of version ${version.basedOn}` : ''}, {formatMoment(version.createdAt)}
            {version.note ? <span className={classes.note}>“{version.note}”</span> : null}
          </p>
        ) : (
          <p role="alert">There is no version {wanted}; choose one of those that are there.</p>
        )}
      </div>
      {version ? (
        <>
          <SplitBar
            splits={version.splits}
            rest={version.itemCount - version.splits.reduce((sum, { itemCount }) => sum + itemCount, 0)}
          />
          <Tabs
            value={tab}
            keepMounted={false}
            onChange={(value) => onChange({ ...cleared, tab: value === 'items' ? null : value })}
          >
            <Tabs.List className={classes.tabs} aria-label="Dataset">
              <Tabs.Tab value="items">Items</Tabs.Tab>
              <Tabs.Tab value="versions">
                Versions <span className={classes.count}>{dataset.versions.length}</span>
              </Tabs.Tab>
              <Tabs.Tab value="clusters">
                Clusters <span className={classes.count}>{version.clusterCount}</span>
              </Tabs.Tab>
              <Tabs.Tab value="tests">
                Used by <span className={classes.count}>{dataset.usedByCount}</span>
              </Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="items">
              <ItemsTab key={version.id} version={version} address={address} onChange={onChange} />
            </Tabs.Panel>
            <Tabs.Panel value="versions">
              <VersionsTab dataset={dataset} shown={version.version} onChange={onChange} />
            </Tabs.Panel>
            <Tabs.Panel value="clusters">
              <ClustersTab versionId={version.id} itemCount={version.itemCount} onChange={onChange} />
            </Tabs.Panel>
            <Tabs.Panel value="tests">
              <UsesTab datasetId={id} />
            </Tabs.Panel>
          </Tabs>
        </>
      ) : null}
      {dialog === 'split' && version ? (
        <SplitDialog
          version={version}
          onClose={() => setDialog(undefined)}
          onMade={() => onChange({ ...cleared, version: null })}
        />
      ) : null}
      {dialog === 'rename' ? <RenameDialog dataset={dataset} onClose={() => setDialog(undefined)} /> : null}
      {dialog === 'delete' ? (
        <DeleteDialog
          dataset={dataset}
          onClose={() => setDialog(undefined)}
          onDeleted={() => router.replace('/datasets')}
        />
      ) : null}
    </>
  );
}
