import type { Metadata } from 'next';
import { ProviderComparisonPage } from '../../../../features/reports/provider-comparison-page.tsx';

export const metadata: Metadata = { title: 'Compare providers' };

export default function Page() {
  return <ProviderComparisonPage />;
}
