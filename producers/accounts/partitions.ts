const homeRegions: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-eusc': 'eusc-de-east-1',
  'aws-iso': 'us-iso-east-1',
  'aws-iso-b': 'us-isob-east-1',
  'aws-us-gov': 'us-gov-west-1',
};

/** What the names of a partition's service principals end with. */
export function dnsSuffixOf(partition: string): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}

/** Where a partition's global services are read; undefined for a partition that is not known. */
export function homeRegionOf(partition: string): string | undefined {
  return homeRegions[partition];
}
