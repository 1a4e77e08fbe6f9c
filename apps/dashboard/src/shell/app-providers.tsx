'use client';

import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { usePathname, useRouter } from 'next/navigation';
import { type ReactNode, useMemo, useRef } from 'react';
import { Provider } from 'urql';
import { createClient } from '../graphql/client.ts';
import { cssVariables, theme } from '../theme/theme.ts';
import { entrancePath, isEntrance } from './entrance-path.ts';

export function AppProviders({ children }: { children: ReactNode }) {
  const router = useRouter();
  const pathname = usePathname();
  const isLeaving = useRef(false);
  const path = useRef(pathname);
  path.current = pathname;
  const client = useMemo(
    () =>
      createClient(async () => {
        if (isLeaving.current || isEntrance(path.current)) return;
        isLeaving.current = true;
        router.replace(await entrancePath(`${location.pathname}${location.search}`));
        isLeaving.current = false;
      }),
    [router],
  );
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Notifications position="bottom-right" autoClose={5000} limit={4} />
      <Provider value={client}>{children}</Provider>
    </MantineProvider>
  );
}
