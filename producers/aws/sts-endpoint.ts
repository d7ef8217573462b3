/** `legacy`: the global endpoint for the regions that existed before 2019, as botocore's setting of the same name. */
export type StsEndpoint = 'regional' | 'legacy';
