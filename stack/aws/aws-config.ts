/** An AWS configuration file for the stand-in: `default` and `mgmt` hold its made-up keys, `acct-N` a role in each member account. */
export function awsConfig(accountIds: readonly string[], region: string): string {
  const keys = ['aws_access_key_id = AKIAEXAMPLE', 'aws_secret_access_key = example'];
  const sections = [
    ['[default]', `region = ${region}`, ...keys],
    ['[profile mgmt]', `region = ${region}`, ...keys],
    ...accountIds.map((accountId, index) => [
      `[profile acct-${index}]`,
      `region = ${region}`,
      `role_arn = arn:aws:iam::${accountId}:role/cartography`,
      'source_profile = default',
    ]),
  ];
  return sections.map((lines) => `${lines.join('\n')}\n`).join('\n');
}
