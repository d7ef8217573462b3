import type { LaunchTemplateDetail, LaunchTemplateVersionDetail } from '../../shared-reads/launch-templates.ts';
import { launchTemplates } from '../../shared-reads/launch-templates.ts';
import type { CollectedRecord, Sync } from '../../sync.ts';
import { epochSeconds } from '../epoch-seconds.ts';
import { required } from '../required.ts';

const VERSION = 'cartography.aws.ec2.LaunchTemplateVersion';

/** Launch templates and all their versions. */
export const ec2LaunchTemplate: Sync = {
  id: 'ec2:launch_templates',
  scope: 'regional',
  records: ['cartography.aws.ec2.LaunchTemplate', VERSION],
  actions: [],
  reads: [launchTemplates],
  async *collect(context) {
    for (const { template, versions } of await context.shared(launchTemplates)) {
      if (versions.kind === 'gone') continue;
      yield templateRecord(template);
      // Which versions the template has is not known, so none may go.
      if (versions.kind === 'unread') context.withhold(VERSION, versions.reason);
      if (versions.kind !== 'read') continue;
      for (const version of versions.value) yield versionRecord(template.LaunchTemplateId, version);
    }
  },
};

function templateRecord(template: LaunchTemplateDetail['template']): CollectedRecord {
  return {
    type: 'cartography.aws.ec2.LaunchTemplate',
    value: {
      LaunchTemplateId: template.LaunchTemplateId,
      LaunchTemplateName: template.LaunchTemplateName ?? null,
      CreateTime: secondsText(template.CreateTime),
      CreatedBy: template.CreatedBy ?? null,
      DefaultVersionNumber: template.DefaultVersionNumber ?? null,
      LatestVersionNumber: template.LatestVersionNumber ?? null,
    },
  };
}

function versionRecord(LaunchTemplateId: string, version: LaunchTemplateVersionDetail): CollectedRecord {
  const number = required(version.VersionNumber, 'DescribeLaunchTemplateVersions LaunchTemplateVersions.VersionNumber');
  const data = version.LaunchTemplateData;
  return {
    type: VERSION,
    value: {
      Id: `${LaunchTemplateId}-${number}`,
      LaunchTemplateId,
      LaunchTemplateName: version.LaunchTemplateName ?? null,
      CreateTime: secondsText(version.CreateTime),
      CreatedBy: version.CreatedBy ?? null,
      DefaultVersion: version.DefaultVersion ?? null,
      VersionNumber: number,
      VersionDescription: version.VersionDescription ?? null,
      KernelId: data.KernelId ?? null,
      EbsOptimized: data.EbsOptimized ?? null,
      IamInstanceProfileArn: data.IamInstanceProfile?.Arn ?? null,
      IamInstanceProfileName: data.IamInstanceProfile?.Name ?? null,
      ImageId: data.ImageId ?? null,
      InstanceType: data.InstanceType ?? null,
      KeyName: data.KeyName ?? null,
      MonitoringEnabled: data.Monitoring?.Enabled ?? null,
      RamDiskId: data.RamDiskId ?? null,
      DisableApiTermination: data.DisableApiTermination ?? null,
      InstanceInitiatedShutdownBehavior: data.InstanceInitiatedShutdownBehavior ?? null,
      SecurityGroupIds: data.SecurityGroupIds ?? null,
      SecurityGroups: data.SecurityGroups ?? null,
    },
  };
}

function secondsText(date: Date | undefined): string | null {
  return epochSeconds(date)?.toString() ?? null;
}
