import { renderBlock, renderCall } from './hcl.ts';
import { readOnlyRole, serviceRole, serviceRoleName, type Place, type Role, type RoleOptions } from './roles.ts';

const requirements = `terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}`;

const inHub = 'local.is_hub ? 1 : 0';

/**
 * One module for all accounts, applied with each account's provider: `cartography-read-only` in each, and in the hub besides
 * `cartography-service`. Valid in every partition.
 * @param hubAccountId default of the variable
 */
export function renderTerraform(options: RoleOptions, hubAccountId: string | undefined): string {
  const place: Place = {
    partition: '${data.aws_partition.current.partition}',
    dnsSuffix: '${data.aws_partition.current.dns_suffix}',
    hubAccountId: '${var.hub_account_id}',
  };
  const reader = readOnlyRole(place, options);
  const service = serviceRole(place, options);
  return [
    '# Roles of cartography-stream: apply it in each account, the hub included.',
    requirements,
    renderBlock(
      ['variable', 'hub_account_id'],
      [
        ['type', 'string'],
        ['description', '"The account in which cartography-stream runs"'],
        ...(hubAccountId === undefined ? [] : [['default', JSON.stringify(hubAccountId)] as const]),
      ],
    ),
    'data "aws_caller_identity" "current" {}',
    'data "aws_partition" "current" {}',
    renderBlock(['locals'], [['is_hub', 'data.aws_caller_identity.current.account_id == var.hub_account_id']]),
    ...renderRole('read_only', reader, undefined),
    ...renderRole('service', service, inHub),
    ...(options.credentialSource === 'Ec2InstanceMetadata'
      ? [
          renderBlock(
            ['resource', 'aws_iam_instance_profile', 'service'],
            [
              ['count', inHub],
              ['name', JSON.stringify(serviceRoleName)],
              ['role', 'aws_iam_role.service[0].name'],
            ],
          ),
        ]
      : []),
  ]
    .join('\n\n')
    .concat('\n');
}

function renderRole(name: string, role: Role, count: string | undefined): string[] {
  const counted = count === undefined ? [] : [['count', count] as const];
  const address = `aws_iam_role.${name}${count === undefined ? '' : '[0]'}.name`;
  return [
    renderBlock(
      ['resource', 'aws_iam_role', name],
      [
        ...counted,
        ['name', JSON.stringify(role.RoleName)],
        ['description', JSON.stringify(role.Description)],
        ['assume_role_policy', renderCall('jsonencode', role.AssumeRolePolicyDocument)],
      ],
    ),
    ...role.ManagedPolicyArns.map((arn) =>
      renderBlock(
        ['resource', 'aws_iam_role_policy_attachment', `${name}_${arn.split('/').at(-1)}`],
        [...counted, ['role', address], ['policy_arn', JSON.stringify(arn)]],
      ),
    ),
    ...role.Policies.map(({ PolicyName, PolicyDocument }) =>
      renderBlock(
        ['resource', 'aws_iam_role_policy', name],
        [
          ...counted,
          ['name', JSON.stringify(PolicyName)],
          ['role', address],
          ['policy', renderCall('jsonencode', PolicyDocument)],
        ],
      ),
    ),
  ];
}
