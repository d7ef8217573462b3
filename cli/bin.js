#!/usr/bin/env node
// Plain JavaScript that any Node from 18 on can run: the sources are TypeScript, which wants Node 24. An older one
// hands over to the Node that the project has pinned among its dependencies.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const wanted = 24;
const main = new URL('./main.ts', import.meta.url);

if (Number(process.versions.node.split('.', 1)[0]) >= wanted) {
  await import(main.href);
} else {
  const pinned = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
  if (!existsSync(pinned)) {
    console.error(
      `error: Node ${wanted} or later is needed; this is ${process.version}. Run \`npm ci\`, or update Node.`,
    );
    process.exit(2);
  }
  const child = spawn(pinned, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`error: ${pinned} cannot be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
