import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2Instance } from '../../../../producers/syncs/ec2/instance.ts';
import { ec2KeyPair } from '../../../../producers/syncs/ec2/key-pair.ts';
import { collectAll } from '../../../support/collect.ts';

test('key pairs yield name and fingerprint, and never the public key', async () => {
  const KeyPairs = [
    {
      KeyPairId: 'key-0a1b',
      KeyName: 'büro/laptop 1',
      KeyFingerprint: '1f:51:ae:28:bf:89:e9:d8:1f:25:5d:37:2d:7d:b8:ca:9f:f5:f1:6f',
      KeyType: 'rsa',
      PublicKey: 'ssh-rsa AAAA',
      Tags: [],
    },
    { KeyName: 'bare' },
  ];
  const { records, calls } = await collectAll(ec2KeyPair, {
    context: { partition: 'aws-us-gov', region: 'us-gov-west-1' },
    responses: { DescribeKeyPairs: [{ KeyPairs }] },
  });

  const arnOf = (name: string) => `arn:aws-us-gov:ec2:us-gov-west-1:111122223333:key-pair/${name}`;
  const type = 'cartography.aws.ec2.KeyPair';
  assert.deepEqual(records, [
    {
      type,
      value: {
        KeyPairArn: arnOf('büro/laptop 1'),
        KeyName: 'büro/laptop 1',
        KeyFingerprint: '1f:51:ae:28:bf:89:e9:d8:1f:25:5d:37:2d:7d:b8:ca:9f:f5:f1:6f',
      },
    },
    { type, value: { KeyPairArn: arnOf('bare'), KeyName: 'bare', KeyFingerprint: null } },
  ]);
  assert.deepEqual(
    calls.map(({ input }) => input),
    [{}],
  );
});

test('a key pair is the node that an instance with its name opens', async () => {
  const responses = {
    DescribeKeyPairs: [{ KeyPairs: [{ KeyName: 'web' }] }],
    DescribeInstances: [
      { Reservations: [{ ReservationId: 'r-1', Instances: [{ InstanceId: 'i-1', KeyName: 'web' }] }] },
    ],
  };
  const keyPairs = await collectAll(ec2KeyPair, { responses });
  const instances = await collectAll(ec2Instance, { responses });

  assert.equal(keyPairs.of('ec2.KeyPair')[0]?.['KeyPairArn'], instances.of('ec2.InstanceKeyPair')[0]?.['KeyPairArn']);
});

test('a region without key pairs yields nothing', async () => {
  const { records } = await collectAll(ec2KeyPair, { responses: { DescribeKeyPairs: [{}] } });

  assert.deepEqual(records, []);
});

test('a key pair without its name ends the scope with an error', async () => {
  const collected = collectAll(ec2KeyPair, {
    responses: { DescribeKeyPairs: [{ KeyPairs: [{ KeyPairId: 'key-1' }] }] },
  });

  await assert.rejects(collected, { code: 'CS_RECORD', message: /DescribeKeyPairs KeyPairs\.KeyName/ });
});
