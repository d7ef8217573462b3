import { type EstateSize, instancesPage } from './instance-xml.ts';

export interface Estate extends EstateSize {
  regions: readonly string[];
}

/** The answer to one call of the Query protocol; undefined for an action that the stand-in does not have. */
export function answerQuery(
  action: string,
  account: string,
  region: string,
  parameters: URLSearchParams,
  estate: Estate,
): string | undefined {
  switch (action) {
    case 'GetCallerIdentity':
      return `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/bench</Arn><UserId>AIDA0000000000BENCH0</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
    case 'DescribeRegions':
      return `<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><regionInfo>${estate.regions.map((name) => `<item><regionName>${name}</regionName><regionEndpoint>ec2.${name}.amazonaws.com</regionEndpoint><optInStatus>opt-in-not-required</optInStatus></item>`).join('')}</regionInfo></DescribeRegionsResponse>`;
    case 'DescribeInstances':
      return instancesPage(account, region, estate, parameters.get('NextToken'));
    case 'ListInstanceProfiles':
      return `<ListInstanceProfilesResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListInstanceProfilesResult><IsTruncated>false</IsTruncated><InstanceProfiles><member><InstanceProfileName>web</InstanceProfileName><InstanceProfileId>AIPA000000000000WEB0</InstanceProfileId><Arn>arn:aws:iam::${account}:instance-profile/web</Arn><Path>/</Path><CreateDate>2026-01-01T00:00:00Z</CreateDate><Roles><member><RoleName>web</RoleName><RoleId>AROA000000000000WEB0</RoleId><Arn>arn:aws:iam::${account}:role/web</Arn><Path>/</Path><CreateDate>2026-01-01T00:00:00Z</CreateDate></member></Roles></member></InstanceProfiles></ListInstanceProfilesResult></ListInstanceProfilesResponse>`;
    default:
      return undefined;
  }
}
