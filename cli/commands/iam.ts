import type { Command } from 'commander';

import { leastPrivilegePolicy } from '../../producers/policy.ts';
import { selectSyncs } from '../../producers/select-syncs.ts';
import { syncs } from '../../producers/syncs.ts';
import { readCollectSettings } from '../settings/collect-settings.ts';

export function addIamCommand(program: Command): void {
  program
    .command('iam')
    .description('print the IAM policy that the collectors need, and no more')
    .option('--aws-requested-syncs <list>', 'for these only [default: all]')
    .action((options: { awsRequestedSyncs?: string }) => {
      const { requestedSyncs } = readCollectSettings(options);
      const policy = leastPrivilegePolicy(selectSyncs(syncs, requestedSyncs));
      process.stdout.write(`${JSON.stringify(policy, null, 2)}\n`);
    });
}
