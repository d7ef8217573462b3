import type { PolicyDocument } from '../policy.ts';

export const readOnlyRoleName = 'cartography-read-only';
export const serviceRoleName = 'cartography-service';

/** Where the hub's program finds its credentials: a profile's `credential_source`. */
export const credentialSources = ['Ec2InstanceMetadata', 'EcsContainer', 'Environment'] as const;
export type CredentialSource = (typeof credentialSources)[number];

/** What differs from place to place: values, or a template's references to them. */
export interface Place {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  partition: string;
  /** `amazonaws.com`; in China `amazonaws.com.cn`. */
  dnsSuffix: string;
  hubAccountId: string;
}

export interface RoleOptions {
  /** What whoever assumes `cartography-read-only` must say. Default: nothing. */
  externalId: string | undefined;
  credentialSource: CredentialSource;
  /** In place of AWS's managed policies. */
  readPolicy: PolicyDocument | undefined;
}

/** A role in the words of CloudFormation and of IAM's CreateRole. */
export interface Role {
  RoleName: string;
  Description: string;
  AssumeRolePolicyDocument: PolicyDocument;
  ManagedPolicyArns: string[];
  Policies: { PolicyName: string; PolicyDocument: PolicyDocument }[];
}

/** AWS's own policies that the reference asks for. */
const managedPolicies = ['SecurityAudit', 'AmazonInspector2ReadOnlyAccess'];

/** Of every account that is read, the hub's own too: the hub may assume it. */
export function readOnlyRole(place: Place, { externalId, readPolicy }: RoleOptions): Role {
  return {
    RoleName: readOnlyRoleName,
    Description: 'Lets cartography-stream read this account',
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'TrustHub',
          Effect: 'Allow',
          Principal: { AWS: rootOf(place) },
          Action: ['sts:AssumeRole'],
          ...(externalId === undefined ? {} : { Condition: { StringEquals: { 'sts:ExternalId': externalId } } }),
        },
      ],
    },
    ManagedPolicyArns:
      readPolicy === undefined ? managedPolicies.map((name) => `arn:${place.partition}:iam::aws:policy/${name}`) : [],
    Policies: readPolicy === undefined ? [] : [{ PolicyName: readOnlyRoleName, PolicyDocument: readPolicy }],
  };
}

/** Of the hub: what the program runs as. */
export function serviceRole(place: Place, { credentialSource }: RoleOptions): Role {
  return {
    RoleName: serviceRoleName,
    Description: 'Lets cartography-stream assume the read-only role of each account',
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'TrustRunner',
          Effect: 'Allow',
          Principal: runnerOf(place, credentialSource),
          Action: ['sts:AssumeRole'],
        },
      ],
    },
    ManagedPolicyArns: [],
    Policies: [
      {
        PolicyName: serviceRoleName,
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'AssumeReadOnlyRoles',
              Effect: 'Allow',
              Action: ['sts:AssumeRole'],
              Resource: `arn:${place.partition}:iam::*:role/${readOnlyRoleName}`,
            },
            { Sid: 'ListRegions', Effect: 'Allow', Action: ['ec2:DescribeRegions'], Resource: '*' },
          ],
        },
      },
    ],
  };
}

function rootOf({ partition, hubAccountId }: Place): string {
  return `arn:${partition}:iam::${hubAccountId}:root`;
}

/** EC2's principal has the partition's suffix, that of ECS is the same everywhere. */
function runnerOf(place: Place, source: CredentialSource): Record<string, string> {
  switch (source) {
    case 'Ec2InstanceMetadata':
      return { Service: `ec2.${place.dnsSuffix}` };
    case 'EcsContainer':
      return { Service: 'ecs-tasks.amazonaws.com' };
    case 'Environment':
      return { AWS: rootOf(place) };
  }
}
