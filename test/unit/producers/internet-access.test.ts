import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOpenToInternet } from '../../../producers/syncs/internet-access.ts';

const open = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject' };

test('anyone is open, in every way to write it', () => {
  for (const Principal of [
    '*',
    ['*'],
    { AWS: '*' },
    { AWS: ['arn:aws:iam::111122223333:root', '*'] },
    { Federated: '*' },
  ]) {
    assert.equal(isOpenToInternet({ ...open, Principal }), true, JSON.stringify(Principal));
  }
});

test('principals without a certain account are open', () => {
  for (const AWS of ['arn:aws:iam::*:role/x', 'arn:aws:iam:::role/x', 'AROA*']) {
    assert.equal(isOpenToInternet({ ...open, Principal: { AWS } }), true, AWS);
  }
});

test('accounts, services and nobody are closed', () => {
  const closed = [
    { AWS: 'arn:aws:iam::111122223333:root' },
    { AWS: '111122223333' },
    { AWS: 'arn:aws:s3:::b*' },
    { Service: 'cloudfront.amazonaws.com' },
    { Service: '*.amazonaws.com' },
    { CanonicalUser: '*' },
    {},
    '',
    undefined,
  ];
  for (const Principal of closed) {
    assert.equal(isOpenToInternet({ ...open, Principal }), false, JSON.stringify(Principal));
  }
});

test('a denial is closed, and all but some are open', () => {
  const NotPrincipal = { AWS: 'arn:aws:iam::111122223333:root' };

  assert.equal(isOpenToInternet({ Effect: 'Allow', NotPrincipal }), true);
  assert.equal(isOpenToInternet({ Effect: 'Deny', NotPrincipal }), false);
});

test('a condition on who is asking closes it', () => {
  const narrow = [
    { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    { StringEquals: { 'aws:SourceAccount': 111122223333 } },
    { StringLike: { 'AWS:PrincipalOrgID': 'o-abc' } },
    { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['o-abc/r-x/*'] } },
    { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/*' } },
    { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.0.2.0/24'] } },
    { StringEquals: { 'aws:sourceVpce': 'vpce-1' } },
    { StringLike: { 'aws:userid': 'AROAEXAMPLE:*' } },
  ];
  for (const Condition of narrow) {
    assert.equal(isOpenToInternet({ ...open, Condition }), false, JSON.stringify(Condition));
  }
});

test('a condition that leaves anyone in, or is about something else, closes nothing', () => {
  const wide = [
    {},
    { StringLike: { 'aws:SourceAccount': '*' } },
    { StringEquals: { 'aws:SourceAccount': ['111122223333', '*'] } },
    { StringLike: { 'aws:PrincipalOrgID': 'o-*' } },
    { ArnLike: { 'aws:SourceArn': '*' } },
    { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } },
    { StringLike: { 'aws:Referer': 'https://example.test/*' } },
    { StringNotEquals: { 'aws:SourceAccount': '111122223333' } },
    { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
    { Bool: { 'aws:SecureTransport': 'true' } },
    { StringEquals: { 'aws:userid': 'AIDAEXAMPLE' } },
  ];
  for (const Condition of wide) {
    assert.equal(isOpenToInternet({ ...open, Condition }), true, JSON.stringify(Condition));
  }
});
