import assert from 'node:assert/strict';
import { test } from 'node:test';
import { permissionJob } from '../../../../../consumers/analysis/permissions/permission-job.ts';
import { permissionRelationships } from '../../../../../consumers/analysis/permissions/permission-relationship.ts';
import { readPermissionRelationships } from '../../../../../consumers/analysis/permissions/read-permission-relationships.ts';

test('a file in Cartography’s form is read', () => {
  const text = `
# who may open a shell
- target_label: AWSEC2Instance
  permissions:
  - ssm:StartSession
  relationship_name: CAN_START_SESSION
  target_precondition:
    related_label: AWSSSMInstanceInformation
    relationship: HAS_INFORMATION
- target_label: AWSS3Bucket
  permissions: [S3:GetObject, s3:Get*]
  relationship_name: CAN_READ
`;
  assert.deepEqual(readPermissionRelationships(text), [
    {
      targetLabel: 'AWSEC2Instance',
      permissions: ['ssm:StartSession'],
      relationshipName: 'CAN_START_SESSION',
      targetPrecondition: {
        relatedLabel: 'AWSSSMInstanceInformation',
        relationship: 'HAS_INFORMATION',
        direction: 'outgoing',
      },
    },
    { targetLabel: 'AWSS3Bucket', permissions: ['S3:GetObject', 's3:Get*'], relationshipName: 'CAN_READ' },
  ]);
});

const entry = 'target_label: A, permissions: [ s3:GetObject ], relationship_name: CAN_READ';
const refused: [what: string, text: string, message: RegExp][] = [
  ['no YAML', '- [', /^it is no YAML: /],
  ['no list', 'a: 1', /^it must be a list/],
  ['an entry that is text', '- a', /^entry 1 must have fields/],
  ['no label', '- {permissions: [ s3:GetObject ], relationship_name: R}', /^entry 1: target_label must be a name/],
  ['a label that is none', `- {${entry.replace('A,', '"A`) DETACH DELETE n //",')}}`, /target_label must be a name/],
  ['a relationship that is none', `- {${entry.replace('CAN_READ', '"can read"')}}`, /relationship_name must be a name/],
  ['no permissions', '- {target_label: A, permissions: [], relationship_name: R}', /permissions must be a list/],
  ['a permission that is none', `- {${entry.replace('s3:GetObject', 'GetObject')}}`, /"GetObject" is no permission/],
  ['an entry twice', `- {${entry}}\n- {${entry}}`, /^entry 2: CAN_READ to A is entry 1 already/],
  [
    'a direction that is none',
    `- {${entry}, target_precondition: {related_label: B, relationship: R, direction: up}}`,
    /target_precondition: direction must be outgoing or incoming/,
  ],
];
for (const [what, text, message] of refused) {
  test(`${what} is refused with the place`, () => {
    assert.throws(
      () => readPermissionRelationships(text),
      (error: Error) => message.test(error.message),
    );
  });
}

test('the relationships that are looked for by default are twelve, each made by a job of its own', () => {
  assert.equal(new Set(permissionRelationships.map((one) => permissionJob(one).name)).size, 12);
});
