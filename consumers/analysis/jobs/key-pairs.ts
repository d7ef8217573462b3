import type { EdgeJob, PropertyJob } from '../job.ts';

const byFingerprint = { label: 'AWSEC2KeyPair', property: 'keyfingerprint' };

const alike = (from: string, to: string): string => `
MATCH (${to}:AWSEC2KeyPair) USING INDEX ${to}:AWSEC2KeyPair(keyfingerprint)
WHERE ${to}.keyfingerprint = ${from}.keyfingerprint AND ${to}.id <> ${from}.id`;

/** AWS tells an MD5 fingerprint (16 bytes, 47 characters) of a key that was imported, and other ones of those that it made. */
const properties: PropertyJob = {
  kind: 'properties',
  name: 'aws_ec2_keypair_analysis_properties',
  label: 'AWSEC2KeyPair',
  properties: [{ name: 'user_uploaded' }, { name: 'duplicate_keyfingerprint' }],
  lookups: [byFingerprint],
  borders: [{ label: 'AWSEC2KeyPair', there: alike('n', 'm'), back: alike('m', 'n') }],
  values: `
RETURN CASE WHEN size(n.keyfingerprint) = 47 THEN true END AS user_uploaded,
  CASE WHEN EXISTS {${alike('n', 'm')}
} THEN true END AS duplicate_keyfingerprint`,
};

const matching: EdgeJob = {
  kind: 'edges',
  name: 'aws_ec2_keypair_analysis_matching_fingerprint',
  label: 'AWSEC2KeyPair',
  type: 'MATCHING_FINGERPRINT',
  direction: 'both',
  otherLabel: 'AWSEC2KeyPair',
  lookups: [byFingerprint],
  others: `${alike('n', 'm')}
RETURN m`,
};

/** The properties come last of all: one key in many accounts makes many of them dependents. */
export const keyPairs = [matching, properties];
