import type { Environment } from '../aws/aws-settings.ts';
import { readSharedFiles, type ProfileSettings } from './shared-files.ts';

export interface Profile {
  name: string;
  region: string | undefined;
  settings: ProfileSettings;
}

/**
 * The profiles of the AWS configuration and credentials files, in the files' order, the configuration file first.
 * Missing files hold none. Read anew each time.
 */
export async function listProfiles(environment: Environment = process.env): Promise<Profile[]> {
  const { merged } = await readSharedFiles(environment);
  return Object.entries(merged).map(([name, settings = {}]) => ({ name, region: settings['region'], settings }));
}
