import assert from 'node:assert/strict';
import { test } from 'node:test';

import { UsageError } from '../../../../platform/errors.ts';
import { readAwsSettings } from '../../../../producers/aws/aws-settings.ts';

test('without variables there are three retries, standard mode and 120 seconds', () => {
  assert.deepEqual(readAwsSettings({}), { maxRetries: 3, retryMode: 'standard', readTimeoutSeconds: 120 });
});

test('the variables are taken', () => {
  const settings = readAwsSettings({
    CARTOGRAPHY_AWS_MAX_ATTEMPTS: '7',
    CARTOGRAPHY_AWS_RETRY_MODE: 'adaptive',
    CARTOGRAPHY_AWS_READ_TIMEOUT: '30',
  });
  assert.deepEqual(settings, { maxRetries: 7, retryMode: 'adaptive', readTimeoutSeconds: 30 });
});

test('legacy is a mode of its own', () => {
  assert.equal(readAwsSettings({ CARTOGRAPHY_AWS_RETRY_MODE: 'legacy' }).retryMode, 'legacy');
});

test("botocore's own variables change nothing", () => {
  assert.deepEqual(readAwsSettings({ AWS_RETRY_MODE: 'adaptive', AWS_MAX_ATTEMPTS: '9' }), readAwsSettings({}));
});

for (const [name, value] of [
  ['CARTOGRAPHY_AWS_RETRY_MODE', 'Standard'],
  ['CARTOGRAPHY_AWS_MAX_ATTEMPTS', '0'],
  ['CARTOGRAPHY_AWS_MAX_ATTEMPTS', '-1'],
  ['CARTOGRAPHY_AWS_MAX_ATTEMPTS', '2.5'],
  ['CARTOGRAPHY_AWS_MAX_ATTEMPTS', 'many'],
  ['CARTOGRAPHY_AWS_READ_TIMEOUT', '1e3'],
] as const) {
  test(`${name}=${value} is refused by name and value`, () => {
    assert.throws(
      () => readAwsSettings({ [name]: value }),
      (error) => error instanceof UsageError && error.setting === name && error.message.includes(JSON.stringify(value)),
    );
  });
}
