import { createServer } from 'node:net';

/**
 * Rejects with the system's error (`EADDRINUSE`, `EACCES`, …) when the address cannot be listened on, so that this is
 * known before a database is opened. 0 is always free.
 */
export function assertPortIsFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}
