import type { Metadata } from 'next';
import { KeysAddress } from '../../../features/teams/keys-address.tsx';

export const metadata: Metadata = { title: 'API keys' };

export default function Page() {
  return <KeysAddress />;
}
