import type { PropertyJob } from '../job.ts';

/** An account that others name, and that is neither read by any run nor a member of an organization that is. */
export const foreignAccounts: PropertyJob = {
  kind: 'properties',
  name: 'aws_foreign_accounts',
  label: 'AWSAccount',
  properties: [{ name: 'foreign' }],
  values: 'RETURN CASE WHEN n.inscope IS NULL AND n.org_id IS NULL THEN true END AS foreign',
};
