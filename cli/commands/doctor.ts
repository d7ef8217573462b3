import type { Command } from 'commander';

import { ExitCode } from '../../platform/errors.ts';
import { checkConfiguration } from '../../producers/doctor/check-configuration.ts';
import { selectSyncs } from '../../producers/select-syncs.ts';
import { syncs } from '../../producers/syncs.ts';
import { openContext } from '../context.ts';
import type { SetExitCode } from '../create-program.ts';
import { diagnose, type Diagnosis } from '../doctor/diagnose.ts';
import { formatTable } from '../format.ts';
import { type CollectOptions, readCollectSettings, requestableSyncs } from '../settings/collect-settings.ts';
import { addOutputOptions, type OutputOptions } from '../settings/output-settings.ts';

type DoctorOptions = CollectOptions & OutputOptions;

export function addDoctorCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('doctor')
    .description('check the AWS configuration before a run: what each profile may do, and what to do about it')
    .optionsGroup('AWS:')
    .option('--aws-sync-all-profiles', 'every profile of the AWS configuration except `default` [default: one account]')
    .option('--aws-regions <list>', 'as the run will have them')
    .option('--aws-organization-account-ids <list>', 'as the run will have them')
    .option('--aws-requested-syncs <list>', `some of ${requestableSyncs.join(', ')} [default: all]`);
  addOutputOptions(command).action(async (options: DoctorOptions) => setExitCode(await examine(options)));
}

async function examine(options: DoctorOptions): Promise<ExitCode> {
  using context = openContext(options);
  const settings = readCollectSettings(options);
  const { environment, logger, signal } = context;
  const check = await checkConfiguration({
    ...settings,
    environment,
    logger,
    signal,
    syncs: selectSyncs(syncs, settings.requestedSyncs),
  });
  const diagnoses = diagnose(check, settings.organizationAccountIds !== undefined);
  context.print(context.settings.json ? JSON.stringify(diagnoses, null, 2) : renderDiagnoses(diagnoses));
  return diagnoses.every(({ status }) => status === 'ok') ? ExitCode.complete : ExitCode.partial;
}

function renderDiagnoses(diagnoses: readonly Diagnosis[]): string {
  const rows = diagnoses.map(({ profile, accountId, status, findings, advice }) => [
    status,
    profile,
    accountId ?? '-',
    `${findings.join('; ')}${advice.length === 0 ? '' : ` -> ${advice.join('; ')}`}`,
  ]);
  return formatTable(rows).join('\n');
}
