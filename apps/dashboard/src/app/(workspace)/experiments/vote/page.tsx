import type { Metadata } from 'next';
import { ArenaPage } from '../../../../features/arena/arena-page.tsx';

export const metadata: Metadata = { title: 'Blind votes' };

export default function Page() {
  return <ArenaPage />;
}
