import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tlsFailureOf } from '../../../../platform/tls/tls-failure.ts';

const withCode = (code: string, message = 'it failed') => Object.assign(new Error(message), { code });

test('each kind of failure is told apart by its code', () => {
  const kinds = {
    SELF_SIGNED_CERT_IN_CHAIN: 'authority',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'authority',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'authority',
    ERR_TLS_CERT_ALTNAME_INVALID: 'name',
    CERT_HAS_EXPIRED: 'time',
    ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'client',
    ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'client',
    ERR_SSL_WRONG_VERSION_NUMBER: 'plain',
    ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM: 'other',
  };
  for (const [code, kind] of Object.entries(kinds)) assert.equal(tlsFailureOf(withCode(code))?.kind, kind, code);
});

test('also where a library hides it in a cause or in its message', () => {
  const inner = withCode('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain');
  assert.deepEqual(tlsFailureOf(new TypeError('fetch failed', { cause: inner })), {
    kind: 'authority',
    reason: 'self-signed certificate in certificate chain',
  });
  const advice = 'Server certificate is not trusted. Long advice. Socket responded with: ERR_TLS_CERT_ALTNAME_INVALID';
  assert.deepEqual(tlsFailureOf(new Error(advice)), { kind: 'name', reason: 'ERR_TLS_CERT_ALTNAME_INVALID' });
});

test('what OpenSSL adds about itself is left out', () => {
  const text =
    '80FB0E:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../rec_layer_s3.c:908:';
  const { reason } = tlsFailureOf(withCode('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', text))!;
  assert.equal(reason, 'tlsv13 alert certificate required');
});

test('other failures are none of TLS', () => {
  for (const error of [withCode('ECONNRESET'), new Error('no leader'), 'text', undefined])
    assert.equal(tlsFailureOf(error), undefined);
});
