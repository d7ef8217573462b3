import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { credentialCases } from '../../support/credential-cases.ts';
import { startCredentialLab } from '../../support/credential-lab.ts';
import { installBotocore, runBotocore } from '../../support/run-python.ts';

let found: readonly unknown[];
before(async () => {
  await using lab = await startCredentialLab();
  const python = await installBotocore();
  found = (await runBotocore(python, 'find_credentials.py', lab.cases, { HOME: lab.home })) as readonly unknown[];
});

// test/unit/producers/accounts/credential-chain.test.ts holds this project to the same table.
credentialCases.forEach(({ name, expected }, index) => {
  test(`botocore agrees about ${name}`, () => {
    assert.deepEqual(found[index], expected);
  });
});
