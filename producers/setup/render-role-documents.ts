import { readOnlyRole, serviceRole, serviceRoleName, type Place, type RoleOptions } from './roles.ts';

/** The roles as JSON with all values filled in: what IAM's CreateRole, AttachRolePolicy and PutRolePolicy take. */
export function renderRoleDocuments(options: RoleOptions, place: Place): string {
  const documents = {
    EachAccount: { Roles: [readOnlyRole(place, options)] },
    HubAccount: {
      AccountId: place.hubAccountId,
      Roles: [serviceRole(place, options)],
      InstanceProfiles:
        options.credentialSource === 'Ec2InstanceMetadata'
          ? [{ InstanceProfileName: serviceRoleName, Roles: [serviceRoleName] }]
          : [],
    },
  };
  return `${JSON.stringify(documents, null, 2)}\n`;
}
