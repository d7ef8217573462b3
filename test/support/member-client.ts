type Constructor<C> = new (config: { region: string; profile: string; endpoint: string }) => C;

/** A client of the AWS SDK on the stand-in, with the rights of this profile (`mgmt`, `acct-0`, ...): to change the estate. */
export function memberClient<C>(
  aws: { endpoint: string; awsConfigFile: string },
  constructor: Constructor<C>,
  region: string,
  profile: string,
): C {
  return new constructor({ region, profile, endpoint: aws.endpoint });
}
