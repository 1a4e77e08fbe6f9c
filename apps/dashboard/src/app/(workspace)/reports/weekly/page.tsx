import type { Metadata } from 'next';
import { WeeklyPage } from '../../../../features/reports/weekly-page.tsx';

export const metadata: Metadata = { title: 'Weekly report' };

export default function Page() {
  return <WeeklyPage />;
}
