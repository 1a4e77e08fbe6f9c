import type { Metadata } from 'next';
import { ComparePage } from '../../../features/comparisons/compare-page.tsx';

export const metadata: Metadata = { title: 'Compare' };

export default function Page() {
  return <ComparePage />;
}
