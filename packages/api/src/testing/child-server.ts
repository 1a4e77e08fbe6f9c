// A whole server in a process of its own, to be killed. Arguments: data folder, base URLs of the simulator and more
// environment as JSON.
import { createApiServer } from '../server.ts';
import { testSettings } from './test-settings.ts';

const [dataDir = '', simulatorBaseUrls = '{}', environment = '{}'] = process.argv.slice(2);
const server = createApiServer(testSettings(dataDir, JSON.parse(environment)), {
  simulatorBaseUrls: JSON.parse(simulatorBaseUrls),
  onProgress: (step) => process.send?.({ step }),
});
const { url } = await server.start();
process.send?.({ url });
