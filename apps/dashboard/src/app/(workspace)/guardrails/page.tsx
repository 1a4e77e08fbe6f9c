import type { Metadata } from 'next';
import { GuardrailsPage } from '../../../features/guardrails/guardrails-page.tsx';

export const metadata: Metadata = { title: 'Guardrails' };

export default function Page() {
  return <GuardrailsPage />;
}
