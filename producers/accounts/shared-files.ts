import { homedir } from 'node:os';
import path from 'node:path';

import { loadSharedConfigFiles } from '@smithy/shared-ini-file-loader';

import type { Environment } from '../aws/aws-settings.ts';

export type ProfileSettings = Readonly<Record<string, string | undefined>>;
export type Profiles = Readonly<Record<string, ProfileSettings | undefined>>;

/** What the AWS configuration and credentials files say. */
export interface SharedFiles {
  config: Profiles;
  credentials: Profiles;
  /** Both; a setting of the credentials file wins. */
  merged: Profiles;
}

/** Sections of the configuration file that are no profiles; their kind stands before a dot. */
const otherSection = /^(sso-session|services)\./;

/** Missing files hold nothing. Read anew each time. */
export async function readSharedFiles(environment: Environment): Promise<SharedFiles> {
  const { configFile, credentialsFile: credentials } = await loadSharedConfigFiles({
    ...sharedFilesOf(environment),
    ignoreCache: true,
  });
  const config = Object.fromEntries(Object.entries(configFile).filter(([name]) => !otherSection.test(name)));
  const names = new Set([...Object.keys(config), ...Object.keys(credentials)]);
  return {
    config,
    credentials,
    merged: Object.fromEntries([...names].map((name) => [name, { ...config[name], ...credentials[name] }])),
  };
}

/** Where the files are, as the SDK wants it. */
export function sharedFilesOf(environment: Environment): { configFilepath?: string; filepath?: string } {
  const { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials } = environment;
  return {
    ...(config ? { configFilepath: expandHome(config) } : {}),
    ...(credentials ? { filepath: expandHome(credentials) } : {}),
  };
}

function expandHome(file: string): string {
  return /^~(\/|$)/.test(file) ? path.join(homedir(), file.slice(1)) : file;
}
