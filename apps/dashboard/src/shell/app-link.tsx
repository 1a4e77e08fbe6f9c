'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import type { ComponentProps } from 'react';

type Props = Omit<ComponentProps<typeof Link>, 'href' | 'prefetch'> & { href: string };

/** A link to another page; its code is fetched when it is pointed at or focused, not with every page that shows it. */
export function AppLink({ href, ...rest }: Props) {
  const router = useRouter();
  const prepare = () => router.prefetch(href);
  return <Link {...rest} href={href} prefetch={false} onMouseEnter={prepare} onFocus={prepare} />;
}
