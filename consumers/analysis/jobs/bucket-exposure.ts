import { quote, valueOf } from '../../graph/names.ts';
import type { PropertyJob } from '../job.ts';

/** What each permission allows on a bucket: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions */
const actionsByPermission = {
  READ: ['s3:ListBucket', 's3:ListBucketMultipartUploads', 's3:ListBucketVersions'],
  WRITE: ['s3:PutObject'],
  READ_ACP: ['s3:GetBucketAcl'],
  WRITE_ACP: ['s3:PutBucketAcl'],
};

const actions = {
  ...actionsByPermission,
  FULL_CONTROL: [...Object.values(actionsByPermission).flat(), 's3:DeleteObject', 's3:DeleteObjectVersion'],
};

/** Anyone, and anyone with an AWS account. */
const everyone = ['AllUsers', 'AuthenticatedUsers'].map((group) => `'http://acs.amazonaws.com/groups/global/${group}'`);

const actionsOfAcl = `CASE acl.permission ${Object.entries(actions)
  .map(([permission, allowed]) => `WHEN '${permission}' THEN [${allowed.map((action) => `'${action}'`).join(', ')}]`)
  .join(' ')} ELSE [] END`;

const ofPolicy = (property: string): string => `n.${quote(valueOf('cartography.aws.s3.BucketPolicy', property))}`;

/** What anyone may do with a bucket, by its policy or its access control list. */
export const bucketExposure: PropertyJob = {
  kind: 'properties',
  name: 'aws_s3acl_analysis',
  label: 'AWSS3Bucket',
  properties: [{ name: 'anonymous_access', indexed: true }, { name: 'anonymous_actions' }],
  values: `
WITH n, COLLECT {
  MATCH (n)<-[:APPLIES_TO]-(acl) WHERE acl.uri IN [${everyone.join(', ')}]
  UNWIND ${actionsOfAcl} AS action
  RETURN action
} + CASE WHEN ${ofPolicy('anonymous_access')} THEN ${ofPolicy('anonymous_actions')} ELSE [] END AS allowed
WITH n, allowed, COLLECT { UNWIND allowed AS action RETURN DISTINCT action ORDER BY action } AS actions
RETURN CASE WHEN ${ofPolicy('anonymous_access')} OR size(actions) > 0 THEN true END AS anonymous_access,
  CASE WHEN size(actions) > 0 THEN actions END AS anonymous_actions`,
};
