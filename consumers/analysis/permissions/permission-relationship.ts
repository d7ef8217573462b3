/** Who of an account may do something with one kind of its assets: a relationship from the principal to the asset. */
export interface PermissionRelationship {
  /** Primary label of the assets; they have an `arn`. */
  targetLabel: string;
  /** e.g. `s3:GetObject`; one of them is enough. */
  permissions: readonly string[];
  /** Type of the relationship from the AWSPrincipal. */
  relationshipName: string;
  /** What the asset must have beside: a relationship to a node with a label. */
  targetPrecondition?: { relatedLabel: string; relationship: string; direction: 'outgoing' | 'incoming' };
}

/** The sync that asks for them. */
export const permissionRelationshipsSync = 'permission_relationships';

/** What is looked for unless `--permission-relationships-file` names others: Cartography's. */
export const permissionRelationships: readonly PermissionRelationship[] = [
  { targetLabel: 'AWSS3Bucket', permissions: ['S3:GetObject'], relationshipName: 'CAN_READ' },
  { targetLabel: 'AWSS3Bucket', permissions: ['S3:PutObject'], relationshipName: 'CAN_WRITE' },
  {
    targetLabel: 'AWSDynamoDBTable',
    permissions: [
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:GetRecords',
      'dynamodb:Query',
      'dynamodb:Scan',
    ],
    relationshipName: 'CAN_QUERY',
  },
  {
    targetLabel: 'AWSDynamoDBTable',
    permissions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'],
    relationshipName: 'CAN_WRITE',
  },
  {
    targetLabel: 'AWSSecretsManagerSecret',
    permissions: ['secretsmanager:GetSecretValue'],
    relationshipName: 'GET_SECRET',
  },
  {
    targetLabel: 'AWSRedshiftCluster',
    permissions: ['redshift:*', 'redshift:CreateClusterUser', 'redshift:GetClusterCredentials', 'redshift:JoinGroup'],
    relationshipName: 'CAN_ADMINISTER',
  },
  { targetLabel: 'AWSRDSInstance', permissions: ['rds-db:connect'], relationshipName: 'CAN_QUERY' },
  {
    targetLabel: 'AWSRDSInstance',
    permissions: [
      'rds:*',
      'rds:ModifyDBInstance',
      'rds:DeleteDBInstance',
      'rds:RebootDBInstance',
      'rds:StopDBInstance',
      'rds:StartDBInstance',
    ],
    relationshipName: 'CAN_ADMINISTER',
  },
  { targetLabel: 'AWSECSTask', permissions: ['ecs:ExecuteCommand'], relationshipName: 'CAN_EXECUTE_COMMAND' },
  { targetLabel: 'AWSRole', permissions: ['iam:PassRole'], relationshipName: 'CAN_PASS_ROLE' },
  { targetLabel: 'AWSCloudFormationStack', permissions: ['cloudformation:UpdateStack'], relationshipName: 'CAN_EXEC' },
  {
    targetLabel: 'AWSEC2Instance',
    permissions: ['ssm:StartSession'],
    relationshipName: 'CAN_START_SESSION',
    targetPrecondition: {
      relatedLabel: 'AWSSSMInstanceInformation',
      relationship: 'HAS_INFORMATION',
      direction: 'outgoing',
    },
  },
];
