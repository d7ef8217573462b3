import assert from 'node:assert/strict';
import { test } from 'node:test';
import { s3 } from '../../../../producers/syncs/s3/s3.ts';
import { collectAll } from '../../../support/collect.ts';
import { s3Responses } from '../../../support/s3-buckets.ts';

const Owner = { ID: '79a5', DisplayName: 'zoë' };
const own = { Grantee: { Type: 'CanonicalUser', ID: '79a5' }, Permission: 'FULL_CONTROL' };
const all = {
  Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers', ID: 'ignored' },
  Permission: 'READ',
};

test('buckets with the same entry in their ACLs share it', async () => {
  const { of } = await collectAll(s3, {
    responses: s3Responses({
      a: { GetBucketAcl: { Owner, Grants: [own] } },
      b: { GetBucketAcl: { Owner, Grants: [own, all, own] } },
    }),
  });
  const [ownId, allId] = of('s3.Acl').map(({ Id }) => Id);

  assert.deepEqual(of('s3.Acl'), [
    {
      // sha256 of 111122223333:zoë:79a5:CanonicalUser:None:79a5:None:FULL_CONTROL
      Id: 'ca6516e4a094547e412c22ebff58d025398b11b6cc396ed7e2695dd1f5fe17c1',
      OwnerDisplayName: 'zoë',
      OwnerId: '79a5',
      GranteeType: 'CanonicalUser',
      GranteeDisplayName: null,
      GranteeId: '79a5',
      GranteeURI: null,
      Permission: 'FULL_CONTROL',
    },
    {
      // sha256 of 111122223333:zoë:79a5:Group:None:None:http://acs.amazonaws.com/groups/global/AllUsers:READ
      Id: '9a4df6bce92b86830720e1c966546d8441f9b1636f135ce4aaf3b118b3d09d04',
      OwnerDisplayName: 'zoë',
      OwnerId: '79a5',
      GranteeType: 'Group',
      GranteeDisplayName: null,
      GranteeId: null,
      GranteeURI: 'http://acs.amazonaws.com/groups/global/AllUsers',
      Permission: 'READ',
    },
  ]);
  assert.deepEqual(of('s3.BucketAcl'), [
    { Name: 'a', AclIds: [ownId] },
    { Name: 'b', AclIds: [ownId, allId] },
  ]);
});

test('an ACL without owner or grants, and a grantee by e-mail, make no entries', async () => {
  const { of } = await collectAll(s3, {
    responses: s3Responses({
      a: { GetBucketAcl: {} },
      b: {
        GetBucketAcl: { Owner, Grants: [{ Grantee: { Type: 'AmazonCustomerByEmail', EmailAddress: 'a@b.c' } }, {}] },
      },
    }),
  });

  assert.deepEqual(of('s3.Acl'), []);
  assert.deepEqual(
    of('s3.BucketAcl').map(({ AclIds }) => AclIds),
    [[], []],
  );
});
