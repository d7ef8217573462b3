import type { Command } from 'commander';

import { dnsSuffixOf, homeRegionOf } from '../../producers/accounts/partitions.ts';
import { listOrganizationAccounts } from '../../producers/organizations/list-organization-accounts.ts';
import { leastPrivilegePolicy } from '../../producers/policy.ts';
import { selectSyncs } from '../../producers/select-syncs.ts';
import { renderCloudFormation } from '../../producers/setup/render-cloudformation.ts';
import { renderProfiles } from '../../producers/setup/render-profiles.ts';
import { renderRoleDocuments } from '../../producers/setup/render-role-documents.ts';
import { renderTerraform } from '../../producers/setup/render-terraform.ts';
import { syncs } from '../../producers/syncs.ts';
import { openContext } from '../context.ts';
import { readCollectSettings } from '../settings/collect-settings.ts';
import {
  addProfilesOptions,
  addRolesOptions,
  type ProfilesOptions,
  readProfilesSettings,
  readRolesSettings,
  type RolesOptions,
} from '../settings/iam-settings.ts';

export function addIamCommand(program: Command): void {
  const command = program
    .command('iam')
    .description('print the roles that the collectors need, ready to apply, or the least policy');
  addRolesOptions(command).action((options: RolesOptions) => printRoles(options));
  const profiles = command.command('profiles').description("print the AWS configuration file's profiles for accounts");
  addProfilesOptions(profiles).action((options: ProfilesOptions) => printProfiles(options));
}

function printRoles(options: RolesOptions): void {
  using context = openContext({});
  const { format, hubAccountId, partition, leastPrivilege, ...rest } = readRolesSettings(options);
  const { requestedSyncs } = readCollectSettings({
    ...(options.awsRequestedSyncs === undefined ? {} : { awsRequestedSyncs: options.awsRequestedSyncs }),
  });
  const policy = leastPrivilegePolicy(selectSyncs(syncs, requestedSyncs));
  const roles = { ...rest, readPolicy: leastPrivilege ? policy : undefined };
  switch (format) {
    case undefined:
      return context.print(JSON.stringify(policy, null, 2));
    case 'cloudformation':
      return context.print(renderCloudFormation(roles, hubAccountId));
    case 'terraform':
      return context.print(renderTerraform(roles, hubAccountId));
    case 'json': {
      const dnsSuffix = dnsSuffixOf(partition);
      return context.print(renderRoleDocuments(roles, { partition, dnsSuffix, hubAccountId: hubAccountId ?? '' }));
    }
  }
}

async function printProfiles(options: ProfilesOptions): Promise<void> {
  using context = openContext({});
  const settings = readProfilesSettings(options);
  const found =
    settings.accounts === undefined
      ? await listOrganizationAccounts(context)
      : { accounts: settings.accounts, partition: 'aws' };
  const partition = settings.partition ?? found.partition;
  context.print(
    renderProfiles(found.accounts, {
      partition,
      source: settings.source,
      externalId: settings.externalId,
      region: settings.region ?? homeRegionOf(partition) ?? 'us-east-1',
    }),
  );
}
