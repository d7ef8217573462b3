import type { EdgeJob, PropertyJob } from '../job.ts';

const byFingerprint = { label: 'AWSEC2KeyPair', property: 'keyfingerprint' };

const alike = `MATCH (m:AWSEC2KeyPair) USING INDEX m:AWSEC2KeyPair(keyfingerprint)
WHERE m.keyfingerprint = n.keyfingerprint AND m.id <> n.id`;

/** AWS tells an MD5 fingerprint (16 bytes, 47 characters) of a key that was imported, and other ones of those that it made. */
const properties: PropertyJob = {
  kind: 'properties',
  name: 'aws_ec2_keypair_analysis_properties',
  label: 'AWSEC2KeyPair',
  properties: [{ name: 'user_uploaded' }, { name: 'duplicate_keyfingerprint' }],
  lookups: [byFingerprint],
  borders: [
    {
      label: 'AWSEC2KeyPair',
      path: '(n:AWSEC2KeyPair)-[:MATCHING_FINGERPRINT]-(m:AWSEC2KeyPair)',
    },
  ],
  values: `
RETURN CASE WHEN size(n.keyfingerprint) = 47 THEN true END AS user_uploaded,
  CASE WHEN EXISTS { ${alike} } THEN true END AS duplicate_keyfingerprint`,
};

/** Before the properties, which look across borders by these. */
const matching: EdgeJob = {
  kind: 'edges',
  name: 'aws_ec2_keypair_analysis_matching_fingerprint',
  label: 'AWSEC2KeyPair',
  type: 'MATCHING_FINGERPRINT',
  direction: 'both',
  otherLabel: 'AWSEC2KeyPair',
  lookups: [byFingerprint],
  others: `${alike}
RETURN m`,
};

export const keyPairs = [matching, properties];
