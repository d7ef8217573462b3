import type { RoleDetail } from '@aws-sdk/client-iam';
import type { CollectedRecord } from '../../sync.ts';
import { readPolicyDocument } from '../policy-document.ts';
import { required } from '../required.ts';
import type { IamReader } from './iam-reader.ts';
import { authorizationDetails } from './iam-reader.ts';
import { createdFields, principalPolicies } from './principal.ts';
import { trustedPrincipalCollector } from './trusted-principals.ts';
import type { TrustedPrincipal } from './trust-policy.ts';
import { trustedPrincipals } from './trust-policy.ts';

/** Roles, their policies, and nodes for those whom they trust. */
export async function* collectRoles(reader: IamReader): AsyncGenerator<CollectedRecord> {
  const collectTrusted = trustedPrincipalCollector(reader.context);
  for await (const page of authorizationDetails(reader, 'Role')) {
    for (const role of page.RoleDetailList ?? []) {
      const Arn = required(role.Arn, 'GetAccountAuthorizationDetails RoleDetailList.Arn');
      reader.principals.push({ type: 'cartography.aws.iam.RoleLastAccessed', arn: Arn });
      const document = readPolicyDocument(role.AssumeRolePolicyDocument ?? '');
      if (document === undefined) {
        const reason = `the trust policy of ${Arn} is no policy`;
        reader.context.withhold('cartography.aws.iam.Role', reason, Arn);
        for (const type of collectTrusted.types) reader.context.withhold(type, reason);
        yield* principalPolicies(reader, Arn, role.RolePolicyList, role.AttachedManagedPolicies).records;
        continue;
      }
      const trusted = trustedPrincipals(document);
      yield* roleRecords(reader, Arn, role, trusted);
      yield* collectTrusted.records(trusted);
    }
  }
}

function* roleRecords(
  reader: IamReader,
  Arn: string,
  role: RoleDetail,
  trusted: readonly TrustedPrincipal[],
): Iterable<CollectedRecord> {
  const policies = principalPolicies(reader, Arn, role.RolePolicyList, role.AttachedManagedPolicies);
  yield {
    type: 'cartography.aws.iam.Role',
    value: {
      Arn,
      RoleId: role.RoleId ?? null,
      RoleName: role.RoleName ?? null,
      Path: role.Path ?? null,
      ...createdFields(role.CreateDate),
      TrustedPrincipals: [...new Set(trusted.map(({ name }) => name))],
      PolicyIds: policies.ids,
    },
  };
  yield* policies.records;
}
