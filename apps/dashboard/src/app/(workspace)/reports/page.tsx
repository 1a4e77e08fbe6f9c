import type { Metadata } from 'next';
import { ExplorePage } from '../../../features/reports/explore-page.tsx';

export const metadata: Metadata = { title: 'Reports' };

export default function Page() {
  return <ExplorePage />;
}
