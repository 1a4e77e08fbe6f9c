'use client';

import '@mantine/spotlight/styles.css';
import { useMantineColorScheme } from '@mantine/core';
import { createSpotlight, Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconColumns3, IconKeyboard, IconMessage2, IconMoon, IconPlus, IconStack2, IconSun } from '@tabler/icons-react';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { useQuery } from 'urql';
import { PaletteComparisonsDocument, PaletteModelsDocument } from '../gql/shell.ts';
import { pages } from './navigation.ts';
import { shellActions } from './shell-actions.ts';

const [store, spotlight] = createSpotlight();

/** Pages, actions, recent comparisons and models behind one search field. */
export function CommandPalette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const router = useRouter();
  const { setColorScheme } = useMantineColorScheme();
  const [comparisons] = useQuery({
    query: PaletteComparisonsDocument,
    requestPolicy: 'cache-and-network',
    pause: !isOpen,
  });
  const [models] = useQuery({ query: PaletteModelsDocument, pause: !isOpen });
  useEffect(() => {
    if (isOpen) spotlight.open();
  }, [isOpen]);

  const actions: SpotlightActionGroupData[] = [
    {
      group: 'Pages',
      actions: pages.map(({ path, label, hint, icon: Icon }) => ({
        id: path,
        label,
        description: hint,
        leftSection: <Icon size={18} stroke={1.6} />,
        onClick: () => router.push(path),
      })),
    },
    {
      group: 'Actions',
      actions: [
        {
          id: 'new',
          label: 'New comparison',
          leftSection: <IconPlus size={18} />,
          onClick: () => router.push('/compare'),
        },
        {
          id: 'workflow',
          label: 'New workflow',
          leftSection: <IconPlus size={18} />,
          onClick: () => router.push('/workflows?new=workflow'),
        },
        {
          id: 'key',
          label: 'Create an API key',
          leftSection: <IconPlus size={18} />,
          onClick: () => router.push('/team?tab=keys&new=1'),
        },
        {
          id: 'light',
          label: 'Use the light theme',
          leftSection: <IconSun size={18} />,
          onClick: () => setColorScheme('light'),
        },
        {
          id: 'dark',
          label: 'Use the dark theme',
          leftSection: <IconMoon size={18} />,
          onClick: () => setColorScheme('dark'),
        },
        {
          id: 'shortcuts',
          label: 'Keyboard shortcuts',
          leftSection: <IconKeyboard size={18} />,
          onClick: shellActions.openShortcuts,
        },
      ],
    },
    {
      group: 'Recent comparisons',
      actions: (comparisons.data?.comparisons.edges ?? []).map(({ node }) => ({
        id: node.id,
        label: node.title,
        leftSection: <IconMessage2 size={18} stroke={1.6} />,
        onClick: () => router.push(`/compare?id=${encodeURIComponent(node.id)}`),
      })),
    },
    {
      group: 'Models',
      actions: (models.data?.models.edges ?? []).map(({ node }) => ({
        id: node.id,
        label: node.displayName,
        description: node.modelId,
        leftSection: node.isAvailable ? <IconColumns3 size={18} stroke={1.6} /> : <IconStack2 size={18} stroke={1.6} />,
        onClick: () => router.push(`/models?search=${encodeURIComponent(node.modelId)}`),
      })),
    },
  ];

  return (
    <Spotlight
      store={store}
      actions={actions.filter(({ actions: rows }) => rows.length > 0)}
      nothingFound="Nothing matches"
      highlightQuery
      scrollable
      maxHeight={420}
      limit={24}
      shortcut={null}
      onSpotlightClose={onClose}
      searchProps={{
        placeholder: 'Search pages, comparisons, models…',
        'aria-label': 'Search pages, comparisons, models',
      }}
    />
  );
}
