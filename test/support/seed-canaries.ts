import { AutoScalingClient, CreateLaunchConfigurationCommand } from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  DescribeImagesCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity } from '@smithy/types';
import type { Canaries } from './canaries.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** An empty archive: what Lambda takes for a function's code. */
const emptyZip = `UEsFBg${'A'.repeat(22)}==`;

interface Place {
  endpoint: string;
  region: string;
  accountId: string;
}

/** Puts a canary into each value that AWS keeps and that must not be collected. */
export async function seedCanaries(canaries: Canaries, { endpoint, region, accountId }: Place): Promise<void> {
  const sts = new STSClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
  });
  const roleArn = `arn:aws:iam::${accountId}:role/cartography`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'seed' }));
  const credentials = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  const settings = { endpoint, region, credentials };
  const ec2 = new EC2Client(settings);
  const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
  const image = Images![0]!.ImageId!;
  const UserData = (name: string): string => base64(`#!/bin/sh\nexport PASSWORD=${canaries.make(name)}\n`);
  await ec2.send(
    new RunInstancesCommand({ ImageId: image, MinCount: 1, MaxCount: 1, UserData: UserData('EC2 user data') }),
  );
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'canary',
      LaunchTemplateData: { ImageId: image, InstanceType: 't3.micro', UserData: UserData('launch template user data') },
    }),
  );
  await new AutoScalingClient(settings).send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: 'canary',
      ImageId: image,
      InstanceType: 't3.micro',
      UserData: UserData('launch configuration user data'),
    }),
  );
  const role = await new IAMClient(settings).send(
    new CreateRoleCommand({
      RoleName: 'canary',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
    }),
  );
  const call = caller(endpoint, region, credentials);
  await call('lambda', '/2015-03-31/functions', {
    FunctionName: 'canary',
    Runtime: 'python3.12',
    Handler: 'a.b',
    Role: role.Role!.Arn,
    Code: { ZipFile: emptyZip },
    Environment: { Variables: { PASSWORD: canaries.make('Lambda environment') } },
  });
  await call(
    'ssm',
    '/',
    { Name: '/canary', Type: 'SecureString', Value: canaries.make('SSM parameter value') },
    { 'x-amz-target': 'AmazonSSM.PutParameter', 'content-type': 'application/x-amz-json-1.1' },
  );
}

/** Signed calls of services whose clients the project has no need of. */
function caller(endpoint: string, region: string, credentials: AwsCredentialIdentity) {
  return async (
    service: string,
    pathname: string,
    body: object,
    headers: Record<string, string> = {},
  ): Promise<void> => {
    const url = new URL(pathname, endpoint);
    const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
    const content = JSON.stringify(body);
    const signed = await signer.sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path: pathname,
      headers: { host: url.host, ...headers },
      body: content,
    });
    const response = await fetch(url, { method: 'POST', headers: signed.headers, body: content });
    if (!response.ok) throw new Error(`${service}: HTTP ${response.status}: ${await response.text()}`);
  };
}
