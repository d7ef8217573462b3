import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import {
  configFile,
  credentialCases,
  credentialsFile,
  processOutput,
  type CredentialCase,
} from './credential-cases.ts';
import { startCredentialServer } from './credential-server.ts';
import { tempFolder } from './temp-folder.ts';

/** The credential cases with their files in a folder, which is also HOME, and their server started. */
export async function startCredentialLab(): Promise<{
  cases: readonly (CredentialCase & { environment: Record<string, string> })[];
  home: string;
  requests: string[];
  [Symbol.asyncDispose](): Promise<void>;
}> {
  const server = await startCredentialServer();
  const folder = await tempFolder();
  const fill = (text: string) => text.replaceAll('{url}', server.url).replaceAll('{folder}', folder.path);
  const cache = path.join(folder.path, '.aws', 'sso', 'cache');
  await mkdir(cache, { recursive: true });
  const token = { accessToken: 'a', expiresAt: '2099-01-01T00:00:00Z', startUrl: 'x', region: 'eu-west-1' };
  const files: Record<string, string> = {
    config: fill(configFile),
    credentials: fill(credentialsFile),
    'process.json': processOutput,
    token: 'web-token',
    [path.join('.aws', 'sso', 'cache', `${createHash('sha1').update('corporate').digest('hex')}.json`)]:
      JSON.stringify(token),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder.path, name), text);
  const common = {
    HOME: folder.path,
    AWS_CONFIG_FILE: path.join(folder.path, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: path.join(folder.path, 'credentials'),
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_STS: server.url,
    AWS_ENDPOINT_URL_SSO: server.url,
  };
  return {
    cases: credentialCases.map((one) => ({
      ...one,
      environment: {
        ...common,
        ...Object.fromEntries(Object.entries(one.environment ?? {}).map(([name, text]) => [name, fill(text)])),
      },
    })),
    home: folder.path,
    requests: server.requests,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
