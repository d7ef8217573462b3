import { readOnlyRole, serviceRole, serviceRoleName, type Place, type RoleOptions } from './roles.ts';

/**
 * One template for all accounts, as a stack or a stack set: `cartography-read-only` in each, and in the hub besides
 * `cartography-service`. Valid in every partition.
 * @param hubAccountId default of the parameter
 */
export function renderCloudFormation(options: RoleOptions, hubAccountId: string | undefined): string {
  const place: Place = {
    partition: '${AWS::Partition}',
    dnsSuffix: '${AWS::URLSuffix}',
    hubAccountId: '${HubAccountId}',
  };
  const onInstance = options.credentialSource === 'Ec2InstanceMetadata';
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description:
      'Roles of cartography-stream. Deploy to one region of each account, the hub and the management account included, with CAPABILITY_NAMED_IAM.',
    Parameters: {
      HubAccountId: {
        Type: 'String',
        Description: 'The account in which cartography-stream runs',
        AllowedPattern: '^\\d{12}$',
        ...(hubAccountId === undefined ? {} : { Default: hubAccountId }),
      },
    },
    Conditions: { IsHub: { 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, { Ref: 'HubAccountId' }] } },
    Resources: {
      ReadOnlyRole: { Type: 'AWS::IAM::Role', Properties: substitute({ ...readOnlyRole(place, options) }) },
      ServiceRole: {
        Type: 'AWS::IAM::Role',
        Condition: 'IsHub',
        Properties: substitute({ ...serviceRole(place, options) }),
      },
      ...(onInstance
        ? {
            InstanceProfile: {
              Type: 'AWS::IAM::InstanceProfile',
              Condition: 'IsHub',
              Properties: { InstanceProfileName: serviceRoleName, Roles: [{ Ref: 'ServiceRole' }] },
            },
          }
        : {}),
    },
    Outputs: { ReadOnlyRoleArn: { Value: { 'Fn::GetAtt': ['ReadOnlyRole', 'Arn'] } } },
  };
  return `${JSON.stringify(template, null, 2)}\n`;
}

/** Lets CloudFormation fill in the `${...}` of each text. */
function substitute(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('${') ? { 'Fn::Sub': value } : value;
  if (Array.isArray(value)) return value.map(substitute);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, substitute(item)]));
}
