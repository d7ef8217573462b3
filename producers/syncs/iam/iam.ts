import type { Sync } from '../../sync.ts';

/**
 * Users, groups, roles, the policies that they have, and what hangs on them.
 *
 * Not here: STS_ASSUMEROLE_ALLOW, which weighs policies and trusts of several accounts against each other and so
 * belongs behind the loaders.
 */
export const iam: Sync = {
  id: 'iam',
  scope: 'global',
  records: [
    'cartography.aws.iam.User',
    'cartography.aws.iam.Group',
    'cartography.aws.iam.Role',
    'cartography.aws.iam.ManagedPolicy',
    'cartography.aws.iam.InlinePolicy',
    'cartography.aws.iam.PolicyStatement',
    'cartography.aws.iam.ServicePrincipal',
    'cartography.aws.iam.FederatedPrincipal',
    'cartography.aws.iam.TrustedAccount',
    'cartography.aws.iam.TrustedRootPrincipal',
    'cartography.aws.iam.AccountAccessKey',
    'cartography.aws.iam.AccessKeyLastUsed',
    'cartography.aws.iam.MfaDevice',
    'cartography.aws.iam.SAMLProvider',
    'cartography.aws.iam.ServerCertificate',
    'cartography.aws.iam.AccountSummary',
    'cartography.aws.iam.UserLastAccessed',
    'cartography.aws.iam.GroupLastAccessed',
    'cartography.aws.iam.RoleLastAccessed',
  ],
  actions: [
    'iam:GetAccountAuthorizationDetails',
    'iam:ListUsers',
    'iam:ListAccessKeys',
    'iam:GetAccessKeyLastUsed',
    'iam:ListMFADevices',
    'iam:ListSAMLProviders',
    'iam:ListServerCertificates',
    'iam:GetAccountSummary',
    'iam:GenerateServiceLastAccessedDetails',
    'iam:GetServiceLastAccessedDetails',
  ],
  async *collect(context) {
    // Here, not above, so that the SDK's client is loaded only when it is needed.
    const { collectIam } = await import('./collect-iam.ts');
    yield* collectIam(context);
  },
};
