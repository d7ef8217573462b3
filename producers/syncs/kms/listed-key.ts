/** A key as ListKeys names it. */
export interface ListedKey {
  /** Of its node. */
  id: string;
  keyId: string;
  arn: string;
}

/** The error by which KMS says that a key was deleted after it was listed. */
export const gone = 'NotFoundException';
