import type { Metadata } from 'next';
import { EditorPage } from '../../../../features/workflows/editor-page.tsx';

export const metadata: Metadata = { title: 'Workflow' };

export default function Page() {
  return <EditorPage />;
}
