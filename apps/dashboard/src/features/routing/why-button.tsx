'use client';

import { Button } from '@mantine/core';
import { IconRoute } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';

const WhyThisModel = dynamic(() => import('./why-this-model.tsx').then((module) => module.WhyThisModel), {
  ssr: false,
});

/** Opens the reasons of a lane's decision. */
export function WhyButton({ laneId, name }: { laneId: string; name: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<IconRoute size={13} />}
        aria-label={`Why this model: ${name}`}
        onClick={() => setOpen(true)}
      >
        Why this model
      </Button>
      {isOpen ? <WhyThisModel laneId={laneId} name={name} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
