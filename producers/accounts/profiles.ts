import { loadSharedConfigFiles } from '@smithy/shared-ini-file-loader';

import type { Environment } from '../aws/aws-settings.ts';

export interface Profile {
  name: string;
  region: string | undefined;
}

/** Sections of the configuration file that are no profiles; their kind stands before a dot. */
const otherSection = /^(sso-session|services)\./;

/**
 * The profiles of the AWS configuration and credentials files, in the files' order, the configuration file first.
 * Missing files hold none. Read anew each time.
 */
export async function listProfiles(environment: Environment = process.env): Promise<Profile[]> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    ...sharedFilesOf(environment),
    ignoreCache: true,
  });
  const names = new Set([
    ...Object.keys(configFile).filter((name) => !otherSection.test(name)),
    ...Object.keys(credentialsFile),
  ]);
  return [...names].map((name) => ({
    name,
    region: configFile[name]?.['region'] ?? credentialsFile[name]?.['region'],
  }));
}

/** Where the files are, as the SDK wants it. */
export function sharedFilesOf(environment: Environment): { configFilepath?: string; filepath?: string } {
  const { AWS_CONFIG_FILE: configFilepath, AWS_SHARED_CREDENTIALS_FILE: filepath } = environment;
  return { ...(configFilepath ? { configFilepath } : {}), ...(filepath ? { filepath } : {}) };
}
