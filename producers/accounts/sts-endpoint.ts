import { UsageError } from '../../platform/errors.ts';
import type { Environment } from '../aws/aws-settings.ts';
import type { StsEndpoint } from '../aws/sts-endpoint.ts';
import type { ProfileSettings } from './shared-files.ts';

/**
 * AWS_STS_REGIONAL_ENDPOINTS, else the profile's sts_regional_endpoints, else `regional`.
 * @throws UsageError for any other value
 */
export function readStsEndpoint(environment: Environment, settings: ProfileSettings | undefined): StsEndpoint {
  const variable = environment['AWS_STS_REGIONAL_ENDPOINTS'];
  const setting = variable ? 'AWS_STS_REGIONAL_ENDPOINTS' : 'sts_regional_endpoints';
  const value = variable || settings?.['sts_regional_endpoints'] || 'regional';
  if (value === 'regional' || value === 'legacy') return value;
  throw new UsageError(`${setting} is ${JSON.stringify(value)}: it must be regional or legacy.`, { setting });
}
