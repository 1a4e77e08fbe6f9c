'use client';

import { Button, Chip, Group, SegmentedControl, Select, Switch } from '@mantine/core';
import { IconLayoutGrid, IconList } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { type ModelCapability, type ModelFilter, ModelListDocument, type ModelListQuery } from '../../gql/catalog.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { SearchField } from '../../shell/search-field.tsx';
import tableClasses from '../../shell/table.module.css';
import { useAddressState } from '../../shell/use-address-state.ts';
import { ModelCards, ModelCardsSkeleton } from './model-cards.tsx';
import { ModelTable } from './model-table.tsx';
import { PriceTableNotice } from './price-table-notice.tsx';
import { useAllModels } from './use-all-models.ts';
import { useModelChoices } from './use-model-choices.ts';

const PriceDrawer = dynamic(() => import('./price-drawer.tsx').then((module) => module.PriceDrawer), { ssr: false });

export type CatalogModel = ModelListQuery['models']['edges'][number]['node'];

/** 35 models with what stands on their cards stay below the 1,000 points of one request. */
const pageSize = 35;

const capabilities: { value: ModelCapability; label: string }[] = [
  { value: 'VISION', label: 'Vision' },
  { value: 'TOOLS', label: 'Tools' },
  { value: 'JSON', label: 'JSON' },
  { value: 'REASONING', label: 'Reasoning' },
];

/** The catalogue: what each model can do and costs, whether it can be used now, and what this team measured. */
export function ModelsPage() {
  const [address, change] = useAddressState();
  const choices = useModelChoices();
  const search = address.get('search') ?? '';
  const provider = address.get('provider');
  const able = (address.get('can')?.split(',').filter(Boolean) ?? []) as ModelCapability[];
  const onlyAvailable = address.get('available') === '1';
  const view = address.get('view') === 'table' ? 'table' : 'cards';
  const filter = {
    ...(search ? { search } : {}),
    ...(provider ? { providerSlugs: [provider] } : {}),
    ...(able.length > 0 ? { capabilities: able } : {}),
    ...(onlyAvailable ? { isAvailable: true } : {}),
  };
  const { models, error, reload } = useAllModels<CatalogModel, ModelFilter>(ModelListDocument, pageSize, filter);
  const providers = [...new Map(choices.models.map(({ provider: { slug, displayName } }) => [slug, displayName]))].map(
    ([value, label]) => ({ value, label }),
  );

  const priced = address.get('price');
  const pricedModel = models?.find(({ modelId }) => modelId === priced);
  const openPrice = (modelId: string) => change({ price: modelId });

  return (
    <>
      <PageHeader
        title="Models"
        description={
          models
            ? `${models.length} ${models.length === 1 ? 'model' : 'models'} with dated prices, limits and your own measurements.`
            : 'Prices, limits and your own measurements.'
        }
        actions={
          <SegmentedControl
            aria-label="View"
            data={[
              { value: 'cards', label: <ViewLabel icon={<IconLayoutGrid size={15} />} word="Cards" /> },
              { value: 'table', label: <ViewLabel icon={<IconList size={15} />} word="Table" /> },
            ]}
            value={view}
            onChange={(value) => change({ view: value === 'table' ? 'table' : null })}
          />
        }
      />
      <PriceTableNotice />
      <div className={tableClasses.filters}>
        <SearchField value={search} onSearch={(value) => change({ search: value })} label="Search models" />
        <Select
          aria-label="Provider"
          placeholder="Any provider"
          clearable
          w={180}
          data={providers}
          value={provider}
          onChange={(value) => change({ provider: value })}
        />
        <Chip.Group multiple value={able} onChange={(value) => change({ can: value.join(',') })}>
          <Group gap={6} role="group" aria-label="Capabilities">
            {capabilities.map(({ value, label }) => (
              <Chip key={value} value={value} size="sm" variant="outline">
                {label}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        <Switch
          label="Available only"
          checked={onlyAvailable}
          onChange={(event) => change({ available: event.currentTarget.checked ? '1' : null })}
        />
      </div>
      {error && !models ? <FailureNotice failure={describeFailure(error)} onRetry={reload} /> : null}
      {!models && !error ? <ModelCardsSkeleton /> : null}
      {models?.length === 0 ? (
        <EmptyState
          title="No model matches"
          action={
            <Button
              variant="default"
              onClick={() => change({ search: null, provider: null, can: null, available: null })}
            >
              Clear the filters
            </Button>
          }
        >
          Loosen the filters, or add a provider that offers what you look for.
        </EmptyState>
      ) : null}
      {models && models.length > 0 ? (
        view === 'table' ? (
          <ModelTable models={models} onPrice={openPrice} />
        ) : (
          <ModelCards models={models} onPrice={openPrice} />
        )
      ) : null}
      {pricedModel ? (
        <PriceDrawer
          key={pricedModel.modelId}
          model={pricedModel}
          onClose={() => change({ price: null })}
          onChange={reload}
        />
      ) : null}
    </>
  );
}

function ViewLabel({ icon, word }: { icon: React.ReactNode; word: string }) {
  return (
    <Group gap={6} wrap="nowrap">
      {icon}
      {word}
    </Group>
  );
}
