// A process that rotates the secret of a data folder, to be killed while it does.
import { rotateSecret } from '../auth/rotate-secret.ts';
import { testSettings } from './test-settings.ts';

const [dataDir = '', tellAfter = '0'] = process.argv.slice(2);
let count = 0;
await rotateSecret(testSettings(dataDir), () => {
  count += 1;
  if (count === Number(tellAfter)) process.send?.('half');
});
