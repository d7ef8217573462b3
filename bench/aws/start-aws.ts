import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Estate } from './answer-query.ts';

export interface BenchAws {
  endpoint: string;
  accounts: readonly string[];
  /** Makes the AWS SDK talk to the stand-in; one profile per account. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

/** Serves generated instances over EC2's wire protocol from a process of its own, which ends with this one. */
export async function startAws(estate: Estate & { accounts?: number }): Promise<BenchAws> {
  const child = fork(path.join(import.meta.dirname, 'serve.ts'), [JSON.stringify(estate)]);
  const [port] = (await once(child, 'message')) as [number];
  const endpoint = `http://127.0.0.1:${port}`;
  const accounts = Array.from({ length: estate.accounts ?? 1 }, (_, index) => String(210_000_000_000 + index));
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cartography-stream-bench-'));
  const config = path.join(folder, 'config');
  await writeFile(
    config,
    accounts
      .map(
        (account, index) =>
          `[profile bench-${index}]\naws_access_key_id = AKIA${account}\naws_secret_access_key = bench\nregion = ${estate.regions[0]}\n`,
      )
      .join('\n'),
  );
  return {
    endpoint,
    accounts,
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_CONFIG_FILE: config,
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    async stop() {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
