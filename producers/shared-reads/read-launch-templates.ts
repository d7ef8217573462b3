import type { LaunchTemplate, LaunchTemplateVersion, ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import {
  EC2Client,
  paginateDescribeLaunchTemplates,
  paginateDescribeLaunchTemplateVersions,
} from '@aws-sdk/client-ec2';
import { allItems } from '../aws/all-items.ts';
import type { SyncContext } from '../sync.ts';
import { mapConcurrently } from '../syncs/map-concurrently.ts';
import { readDetail } from '../syncs/read-detail.ts';
import { required } from '../syncs/required.ts';
import type { LaunchTemplateData, LaunchTemplateDetail, LaunchTemplateVersionDetail } from './launch-templates.ts';

/** Each with a call for every 200 versions. */
const TEMPLATES_AT_ONCE = 10;

export async function readLaunchTemplates(context: SyncContext): Promise<LaunchTemplateDetail[]> {
  const client = context.client(EC2Client);
  const pages = paginateDescribeLaunchTemplates({ client, pageSize: 200 }, {}, { abortSignal: context.signal });
  const describe = (template: LaunchTemplate) => readTemplate(context, client, template);
  const found: LaunchTemplateDetail[] = [];
  for await (const { LaunchTemplates = [] } of pages) {
    for await (const detail of mapConcurrently(LaunchTemplates, TEMPLATES_AT_ONCE, describe)) found.push(detail);
  }
  return found;
}

async function readTemplate(
  context: SyncContext,
  client: EC2Client,
  template: LaunchTemplate,
): Promise<LaunchTemplateDetail> {
  const id = required(template.LaunchTemplateId, 'DescribeLaunchTemplates LaunchTemplates.LaunchTemplateId');
  const read = () => {
    const request = { LaunchTemplateId: id };
    const pages = paginateDescribeLaunchTemplateVersions({ client, pageSize: 200 }, request, {
      abortSignal: context.signal,
    });
    return allItems(pages, ({ LaunchTemplateVersions }) => LaunchTemplateVersions?.map(versionDetail));
  };
  const gone = 'InvalidLaunchTemplateId.NotFound';
  const versions = await readDetail(context, 'DescribeLaunchTemplateVersions', read, { gone });
  return { template: { ...template, LaunchTemplateId: id }, versions };
}

function versionDetail({ LaunchTemplateData = {}, ...version }: LaunchTemplateVersion): LaunchTemplateVersionDetail {
  return { ...version, LaunchTemplateData: dataDetail(LaunchTemplateData) };
}

function dataDetail(data: ResponseLaunchTemplateData): LaunchTemplateData {
  return {
    DisableApiTermination: data.DisableApiTermination,
    EbsOptimized: data.EbsOptimized,
    IamInstanceProfile: data.IamInstanceProfile,
    ImageId: data.ImageId,
    InstanceInitiatedShutdownBehavior: data.InstanceInitiatedShutdownBehavior,
    InstanceType: data.InstanceType,
    KernelId: data.KernelId,
    KeyName: data.KeyName,
    Monitoring: data.Monitoring,
    RamDiskId: data.RamDiskId,
    SecurityGroupIds: data.SecurityGroupIds,
    SecurityGroups: data.SecurityGroups,
  };
}
