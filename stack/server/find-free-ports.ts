import { createServer } from 'node:net';

// Below the range from which systems take the local ports of outgoing connections (Linux: 32768 and up),
// so that a port which is free now is not taken by one of those before the server binds it.
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** A first start installs servers for minutes between the choice of a port and its use, and others are started meanwhile. */
const chosen = new Set<number>();

/** Distinct ports on which nothing listens on 127.0.0.1, and which this process was not given before. */
export async function findFreePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const candidate = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (chosen.has(candidate)) continue;
    chosen.add(candidate);
    if (await isFree(candidate)) ports.push(candidate);
  }
  return ports;
}

export async function findFreePort(): Promise<number> {
  const [port] = await findFreePorts(1);
  return port as number;
}

/** Whether a server could listen on this port of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
