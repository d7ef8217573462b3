import type { EdgeJob } from '../job.ts';

/** An instance may become the roles of its profile. */
export const instanceProfile: EdgeJob = {
  kind: 'edges',
  name: 'aws_ec2_iam_instance_profile',
  label: 'AWSEC2Instance',
  type: 'STS_ASSUMEROLE_ALLOW',
  direction: 'out',
  otherLabel: 'AWSRole',
  others: 'MATCH (n)-[:INSTANCE_PROFILE]->()-[:ASSOCIATED_WITH]->(m) RETURN m',
};
