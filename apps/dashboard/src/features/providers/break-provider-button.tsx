'use client';

import { Button, Tooltip } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import { useMayManage } from './use-may-manage.ts';

const BreakProviderDialog = dynamic(
  () => import('./break-provider-dialog.tsx').then((module) => module.BreakProviderDialog),
  { ssr: false },
);

/** Opens the sliders of the simulated providers. Draws nothing when none is simulated, or for who may not break them. */
export function BreakProviderButton({ className }: { className?: string | undefined }) {
  const [isOpen, setOpen] = useState(false);
  const isSimulated = useWorkspace()?.installation.isSimulatorRunning === true;
  const mayManage = useMayManage();
  if (!isSimulated || !mayManage) return null;
  return (
    <>
      <Tooltip label="Make a simulated provider fail and watch what happens">
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          className={className}
          leftSection={<IconBolt size={16} />}
          aria-label="Break a provider"
          onClick={() => setOpen(true)}
        >
          Break
        </Button>
      </Tooltip>
      {isOpen ? <BreakProviderDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}
