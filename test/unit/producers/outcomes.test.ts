import assert from 'node:assert/strict';
import { test } from 'node:test';

import { RecordError } from '../../../platform/errors.ts';
import { describeError } from '../../../producers/aws/describe-error.ts';
import { outcomeOf } from '../../../producers/outcomes.ts';
import { awsError } from '../../support/fake-aws.ts';

for (const code of [
  'AccessDenied',
  'AccessDeniedException',
  'AuthFailure',
  'AuthorizationError',
  'AuthorizationErrorException',
  'InvalidClientTokenId',
  'UnauthorizedOperation',
  'UnrecognizedClientException',
  'SubscriptionRequiredException',
]) {
  test(`${code} is a denial`, () => {
    assert.equal(outcomeOf(awsError(code)).outcome, 'denied');
  });
}

for (const error of [
  awsError('UnknownOperationException', 'The operation is not supported in the called region!'),
  awsError('UnknownOperationException', 'This is unsupported in this region'),
  awsError('OptInRequired'),
  Object.assign(new Error('getaddrinfo ENOTFOUND ec2.xx-north-9.amazonaws.com'), { code: 'ENOTFOUND', $metadata: {} }),
]) {
  test(`"${error.message}" says that the region lacks the service`, () => {
    assert.equal(outcomeOf(error).outcome, 'unsupported');
  });
}

for (const error of [
  awsError('UnknownOperationException', 'no such operation'),
  awsError('Throttling'),
  awsError('InternalServerErrorException'),
  awsError('ValidationException'),
  Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' }),
  new TypeError('x is not a function'),
  new RecordError('AWS answered without VpcId'),
  'a thrown string',
]) {
  test(`${String(error)} is a failure`, () => {
    const { outcome, reason } = outcomeOf(error);
    assert.equal(outcome, 'failed');
    assert.ok(reason.length > 0);
  });
}

test('expired credentials are a failure with a hint', () => {
  for (const code of ['ExpiredToken', 'ExpiredTokenException', 'RequestExpired']) {
    const { outcome, reason } = outcomeOf(awsError(code));
    assert.equal(outcome, 'failed');
    assert.match(reason, /renew/);
  }
});

test('InvalidToken hints at regional STS endpoints', () => {
  assert.match(outcomeOf(awsError('InvalidToken')).reason, /regional STS endpoints/);
});

test('an explicit deny by a service control policy is told, however long the message', () => {
  const message = `User: arn:aws:sts::111122223333:assumed-role/${'r'.repeat(300)} is not authorized to perform: ec2:DescribeVpcs with an explicit deny in a service control policy`;
  const { outcome, reason } = outcomeOf(awsError('UnauthorizedOperation', message));
  assert.equal(outcome, 'denied');
  assert.match(reason, /explicit deny in a service control policy/);
});

test('a reason holds no key id, no token and no canonical request', () => {
  const token = 'FwoGZXIvYXdzE'.repeat(20);
  const secrets = [
    awsError('InvalidClientTokenId', `The key AKIAIOSFODNN7EXAMPLE is not known, token ${token}`),
    awsError(
      'SignatureDoesNotMatch',
      `The Canonical String should have been\n'POST\n/\nx-amz-security-token:${token}'`,
    ),
    awsError('UnauthorizedOperation', `You are not authorized. Encoded authorization failure message: ${token}`),
  ];
  for (const error of secrets) {
    const reason = describeError(error);
    assert.doesNotMatch(reason, /AKIA|FwoGZXIv|canonical/i);
    assert.ok(reason.length <= 300);
  }
});
