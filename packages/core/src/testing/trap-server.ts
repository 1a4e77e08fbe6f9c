import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server inside that nobody may reach: on both loopback addresses and on a socket of the file system. */
export interface TrapServer {
  readonly port: number;
  readonly socketPath: string;
  /** How many connections came about, however they ended. */
  readonly accepted: () => number;
  stop(): Promise<void>;
}

export async function startTrapServer(): Promise<TrapServer> {
  let accepted = 0;
  const open: Server[] = [];
  const listen = (...where: [string] | [number, string]) =>
    new Promise<Server>((resolve, reject) => {
      const server = createServer((_request, response) => response.end('inside'));
      server.on('connection', () => {
        accepted += 1;
      });
      server.once('error', reject);
      open.push(server);
      server.listen(...(where as [string]), () => resolve(server));
    });
  const { port } = (await listen(0, '127.0.0.1')).address() as AddressInfo;
  // A machine without IPv6 has one door less.
  await listen(port, '::1').catch(() => {});
  const socketPath = join(tmpdir(), `switchyard-trap-${process.pid}-${port}.sock`);
  await listen(socketPath);
  // The trap is set: somebody who connects is counted.
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.end());
    socket.once('close', () => resolve()).once('error', reject);
  });
  const own = accepted;
  if (own !== 1) throw new Error('The trap does not count.');
  return {
    port,
    socketPath,
    accepted: () => accepted - own,
    stop: async () => {
      await Promise.all(
        open.map((server) => new Promise((resolve) => server.close(resolve) && server.closeAllConnections())),
      );
    },
  };
}
