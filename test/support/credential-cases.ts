/** A search for credentials and what botocore finds. `{url}` is the credential server, `{folder}` the files' folder. */
export interface CredentialCase {
  name: string;
  environment?: Record<string, string>;
  /** An explicit profile. */
  profile?: string;
  /** The access key id, or botocore's class of error. */
  expected: { key: string } | { error: string };
}

const role = 'arn:aws:iam::111122223333:role';
const env = { AWS_ACCESS_KEY_ID: 'ENV', AWS_SECRET_ACCESS_KEY: 's' };
const container = { AWS_CONTAINER_CREDENTIALS_FULL_URI: '{url}/container' };
const instance = { AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: '{url}/' };
const webIdentity = { AWS_WEB_IDENTITY_TOKEN_FILE: '{folder}/token', AWS_ROLE_ARN: `${role}/web-env` };

export const configFile = `
[default]
region = eu-west-1

[profile static]
aws_access_key_id = CONFIG
aws_secret_access_key = s

[profile both-files]
aws_access_key_id = CONFIG
aws_secret_access_key = s

[profile half]
aws_access_key_id = CONFIG

[profile empty]
region = eu-west-1

[profile role]
role_arn = ${role}/one
source_profile = static

[profile role-with-all]
role_arn = ${role}/all
source_profile = static
external_id = ext
duration_seconds = 1800
role_session_name = session

[profile role-with-odd-duration]
role_arn = ${role}/odd
source_profile = static
duration_seconds = long

[profile mfa]
role_arn = ${role}/mfa
source_profile = static
mfa_serial = device

[profile chain]
role_arn = ${role}/two
source_profile = role

[profile role-with-keys]
role_arn = ${role}/self
source_profile = role-with-keys
aws_access_key_id = SELF
aws_secret_access_key = s

[profile role-of-role-with-keys]
role_arn = ${role}/outer
source_profile = role-with-keys

[profile self-without-keys]
role_arn = ${role}/self
source_profile = self-without-keys

[profile cycle-a]
role_arn = ${role}/a
source_profile = cycle-b

[profile cycle-b]
role_arn = ${role}/b
source_profile = cycle-a

[profile both-sources]
role_arn = ${role}/x
source_profile = static
credential_source = Environment

[profile no-source]
role_arn = ${role}/x

[profile missing-source]
role_arn = ${role}/x
source_profile = nowhere

[profile empty-source]
role_arn = ${role}/x
source_profile = empty

[profile denied-role]
role_arn = ${role}/denied
source_profile = static

[profile from-environment]
role_arn = ${role}/env
credential_source = Environment

[profile from-container]
role_arn = ${role}/ecs
credential_source = EcsContainer

[profile from-instance]
role_arn = ${role}/ec2
credential_source = Ec2InstanceMetadata

[profile odd-source]
role_arn = ${role}/x
credential_source = Cloud

[profile web]
role_arn = ${role}/web
web_identity_token_file = {folder}/token
role_session_name = web-session

[profile role-of-web]
role_arn = ${role}/after-web
source_profile = web

[profile web-without-role]
web_identity_token_file = {folder}/token

[profile process]
credential_process = cat {folder}/process.json

[profile role-of-process]
role_arn = ${role}/after-process
source_profile = process

[profile failing-process]
credential_process = false

[profile process-and-keys]
credential_process = cat {folder}/process.json
aws_access_key_id = CONFIG
aws_secret_access_key = s

[sso-session corporate]
sso_start_url = https://corporate.example/start
sso_region = eu-west-1

[profile sso]
sso_session = corporate
sso_account_id = 111122223333
sso_role_name = Reader

[profile role-of-sso]
role_arn = ${role}/after-sso
source_profile = sso
`;

export const credentialsFile = `
[both-files]
aws_access_key_id = CREDENTIALS
aws_secret_access_key = s

[only-credentials]
aws_access_key_id = ONLY
aws_secret_access_key = s
aws_session_token = t

[role-in-credentials]
role_arn = ${role}/in-credentials
source_profile = only-credentials
`;

/** What `credential_process` prints. */
export const processOutput = JSON.stringify({ Version: 1, AccessKeyId: 'PROCESS', SecretAccessKey: 's' });

const failing = (name: string, profile: string, error: string, environment = {}): CredentialCase => ({
  name,
  profile,
  environment,
  expected: { error },
});
const finding = (name: string, profile: string, key: string, environment = {}): CredentialCase => ({
  name,
  profile,
  environment,
  expected: { key },
});

export const credentialCases: readonly CredentialCase[] = [
  { name: 'keys of the environment', environment: env, expected: { key: 'ENV' } },
  {
    name: 'keys of the environment before AWS_PROFILE',
    environment: { ...env, AWS_PROFILE: 'static' },
    expected: { key: 'ENV' },
  },
  finding('an explicit profile before the environment', 'static', 'CONFIG', env),
  {
    name: 'keys of the environment that end later',
    environment: { ...env, AWS_CREDENTIAL_EXPIRATION: '2099-01-01T00:00:00Z' },
    expected: { key: 'ENV' },
  },
  {
    name: 'keys of the environment that have expired',
    environment: { ...env, AWS_CREDENTIAL_EXPIRATION: '2020-01-01T00:00:00Z' },
    expected: { error: 'RuntimeError' },
  },
  {
    name: 'an expiration that is no time',
    environment: { ...env, AWS_CREDENTIAL_EXPIRATION: 'soon' },
    expected: { error: 'ParserError' },
  },
  {
    name: 'half a pair in the environment',
    environment: { AWS_ACCESS_KEY_ID: 'ENV' },
    expected: { error: 'PartialCredentialsError' },
  },
  { name: 'AWS_PROFILE', environment: { AWS_PROFILE: 'static' }, expected: { key: 'CONFIG' } },
  {
    name: 'AWS_DEFAULT_PROFILE before AWS_PROFILE',
    environment: { AWS_PROFILE: 'static', AWS_DEFAULT_PROFILE: 'only-credentials' },
    expected: { key: 'ONLY' },
  },
  {
    name: 'AWS_PROFILE that does not exist',
    environment: { AWS_PROFILE: 'nowhere' },
    expected: { error: 'ProfileNotFound' },
  },
  {
    name: 'keys of the environment with an AWS_PROFILE that does not exist',
    environment: { ...env, AWS_PROFILE: 'nowhere' },
    expected: { error: 'ProfileNotFound' },
  },
  failing('an explicit profile that does not exist', 'nowhere', 'ProfileNotFound'),
  finding('the credentials file before the configuration file', 'both-files', 'CREDENTIALS'),
  finding('a profile of the credentials file only', 'only-credentials', 'ONLY'),
  finding('a role in the credentials file', 'role-in-credentials', `${role}/in-credentials|ONLY`),
  failing('half a pair in a profile', 'half', 'PartialCredentialsError'),
  failing('a profile without credentials', 'empty', 'NoCredentialsError'),
  { name: 'nothing at all', expected: { error: 'NoCredentialsError' } },

  finding('a role by source_profile', 'role', `${role}/one|CONFIG`),
  finding(
    'external id, duration and session name',
    'role-with-all',
    `${role}/all|CONFIG|id=ext|seconds=1800|name=session`,
  ),
  finding('a duration that is no number is ignored', 'role-with-odd-duration', `${role}/odd|CONFIG`),
  finding('a chain of two roles', 'chain', `${role}/two|${role}/one|CONFIG`),
  finding('a role whose profile is its own source', 'role-with-keys', `${role}/self|SELF`),
  finding('a source with keys and a role gives its keys', 'role-of-role-with-keys', `${role}/outer|SELF`),
  failing('a source that is itself without keys', 'self-without-keys', 'InfiniteLoopConfigError'),
  failing('sources in a circle', 'cycle-a', 'InfiniteLoopConfigError'),
  failing('both source_profile and credential_source', 'both-sources', 'InvalidConfigError'),
  failing('a role without a source', 'no-source', 'PartialCredentialsError'),
  failing('a source that does not exist', 'missing-source', 'InvalidConfigError'),
  failing('a source without credentials', 'empty-source', 'InvalidConfigError', container),
  failing('a role that may not be assumed', 'denied-role', 'ClientError'),

  finding('credential_source Environment', 'from-environment', `${role}/env|ENV`, env),
  failing('credential_source Environment without keys', 'from-environment', 'CredentialRetrievalError'),
  finding('credential_source EcsContainer', 'from-container', `${role}/ecs|CONTAINER|`, container),
  finding('credential_source Ec2InstanceMetadata', 'from-instance', `${role}/ec2|INSTANCE`, instance),
  failing('an unknown credential_source', 'odd-source', 'InvalidConfigError'),

  finding('a web identity of a profile', 'web', `${role}/web|unsigned|token=web-token|name=web-session`),
  finding(
    'a web identity as source',
    'role-of-web',
    `${role}/after-web|${role}/web|unsigned|token=web-token|name=web-session`,
  ),
  failing('a web identity without a role', 'web-without-role', 'InvalidConfigError'),
  {
    name: 'a web identity of the environment',
    environment: webIdentity,
    expected: { key: `${role}/web-env|unsigned|token=web-token` },
  },
  {
    name: 'a web identity of the environment before the keys of AWS_PROFILE',
    environment: { ...webIdentity, AWS_PROFILE: 'static' },
    expected: { key: `${role}/web-env|unsigned|token=web-token` },
  },
  {
    name: 'a role of AWS_PROFILE before a web identity of the environment',
    environment: { ...webIdentity, AWS_PROFILE: 'role' },
    expected: { key: `${role}/one|CONFIG` },
  },
  finding('an explicit profile leaves the web identity of the environment aside', 'static', 'CONFIG', webIdentity),

  finding('credential_process', 'process', 'PROCESS'),
  finding('credential_process as source', 'role-of-process', `${role}/after-process|PROCESS`),
  finding('credential_process before keys of the configuration file', 'process-and-keys', 'PROCESS'),
  failing('credential_process that fails', 'failing-process', 'CredentialRetrievalError'),
  finding('SSO', 'sso', 'SSO|111122223333|Reader'),
  finding('SSO as source', 'role-of-sso', `${role}/after-sso|SSO|111122223333|Reader`),

  { name: 'the container', environment: container, expected: { key: 'CONTAINER|' } },
  {
    name: 'the container with a token, before the instance',
    environment: { ...container, ...instance, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'auth' },
    expected: { key: 'CONTAINER|auth' },
  },
  {
    name: 'a container that answers wrongly',
    environment: { AWS_CONTAINER_CREDENTIALS_FULL_URI: '{url}/latest/none' },
    expected: { error: 'CredentialRetrievalError' },
  },
  { name: 'the instance, by IMDSv2', environment: instance, expected: { key: 'INSTANCE' } },
  finding('a profile without credentials goes on to the instance', 'empty', 'INSTANCE', instance),
];
