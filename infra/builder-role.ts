import { Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { CfnInstanceProfile, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IStringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { heardPartition } from '../lambdas/aws/dynamo/state-table.ts';
import type { Upload } from '../lambdas/core/config/builder-schema.ts';
import { readerKeyStatement } from './key-permissions.ts';
import { allow, answerSsm, bucketArn, readSecret } from './statements.ts';
import { acknowledgeWildcards } from './wildcards.ts';

export interface BuilderRoleProps {
  /** Where machines read when the last tick was and whether they are wanted. */
  readonly table: Table;
  /** The farm's tag: the partition of the table. */
  readonly farm: string;
  /**
   * Binary cache the machines copy their outputs to.
   * @default - none
   */
  readonly upload?: Upload;
  /**
   * Stores the machines fetch from; those on S3 may be private.
   * @default - none
   */
  readonly substituters?: readonly string[];
  /**
   * ARNs of the KMS keys that the upload secret or the buckets may be encrypted with.
   * @default - none: AWS's own keys need no permission
   */
  readonly kmsKeys?: readonly string[];
  /**
   * SSM parameter with the public key of the queue runner.
   * @default - none: the machines are told the key itself
   */
  readonly queueRunnerKey?: IStringParameter;
  /**
   * How the machines register with the Rust queue runner.
   * @default - they do not
   */
  readonly registration?: MachineRegistration;
}

/** What a machine reads to register with the Rust queue runner. */
export interface MachineRegistration {
  /** Where it takes builders in, such as https://hydra.example.org:443. */
  readonly address: string;
  /** ARN of the secret or parameter with the token. */
  readonly token: string;
  /** SSM parameter in which its host says which hydra-builder it has. */
  readonly builderParameter: IStringParameter;
}

/**
 * What a machine may do in AWS: answer SSM commands, see whether it is wanted, fetch and upload. Less than AWS's managed
 * policy for SSM, which would let it read every parameter of the account.
 */
export class BuilderRole extends Construct {
  readonly role: Role;
  readonly profile: CfnInstanceProfile;

  constructor(scope: Construct, id: string, props: BuilderRoleProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    this.profile = new CfnInstanceProfile(this, 'Profile', { roles: [this.role.roleName] });

    this.role.addToPolicy(answerSsm());
    this.role.addToPolicy(seeWhetherItIsWanted(props));
    if (props.queueRunnerKey !== undefined)
      this.role.addToPolicy(
        allow('ReadQueueRunnerKey', ['ssm:GetParameter'], [props.queueRunnerKey.parameterArn]),
      );
    for (const statement of registerStatements(props.registration)) this.role.addToPolicy(statement);
    const substituters = bucketsOf(props.substituters ?? []);
    for (const statement of [
      ...uploadStatements(this, props.upload),
      ...fetchStatements(this, substituters),
      ...keyStatements(this, props),
      ...(props.table.encryptionKey ? [readerKeyStatement(this, props.table.encryptionKey)] : []),
    ])
      this.role.addToPolicy(statement);
    acknowledgeWildcards(
      this.role,
      ...bucketsOf(props.upload === undefined ? [] : [props.upload.to]),
      ...substituters,
    );
  }
}

/** Items of the one partition that holds what machines may know, and nothing else of this farm or any other. */
const seeWhetherItIsWanted = ({ table, farm }: BuilderRoleProps): PolicyStatement =>
  new PolicyStatement({
    sid: 'SeeWhetherItIsWanted',
    actions: ['dynamodb:GetItem'],
    resources: [table.tableArn],
    conditions: {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [heardPartition(farm)] },
    },
  });

const registerStatements = (registration: MachineRegistration | undefined): PolicyStatement[] =>
  registration === undefined
    ? []
    : [
        ...readSecret('ReadQueueRunnerToken', registration.token),
        allow('ReadBuilderVersion', ['ssm:GetParameter'], [registration.builderParameter.parameterArn]),
      ];

function uploadStatements(scope: Construct, upload: Upload | undefined): PolicyStatement[] {
  if (upload === undefined) return [];
  const readSecrets = [
    ...readSecret('ReadUploadSecret', upload.secret),
    ...readSecret('ReadUploadSigningKey', upload.signingKey),
  ];
  const [bucket] = bucketsOf([upload.to]);
  if (bucket === undefined) return readSecrets;
  const arn = bucketArn(scope, bucket);
  return [
    ...readSecrets,
    new PolicyStatement({
      sid: 'UploadOutputs',
      actions: ['s3:PutObject', 's3:GetObject'],
      resources: [`${arn}/*`],
    }),
    new PolicyStatement({
      sid: 'FindOutputs',
      actions: ['s3:GetBucketLocation', 's3:ListBucket'],
      resources: [arn],
    }),
  ];
}

/** What Nix asks of a binary cache it fetches from. */
function fetchStatements(scope: Construct, buckets: readonly string[]): PolicyStatement[] {
  if (buckets.length === 0) return [];
  const arns = buckets.map((bucket) => bucketArn(scope, bucket));
  return [
    allow(
      'FetchOutputs',
      ['s3:GetObject'],
      arns.map((arn) => `${arn}/*`),
    ),
    allow('FindSubstitutes', ['s3:GetBucketLocation', 's3:ListBucket'], arns),
  ];
}

/** The services ask KMS with the machine’s rights; the machine itself may not. Keys are where what they encrypt is. */
function keyStatements(scope: Construct, { kmsKeys = [], upload }: BuilderRoleProps): PolicyStatement[] {
  if (kmsKeys.length === 0) return [];
  const services = ['s3', 'secretsmanager', 'ssm'].map((name) => `${name}.*.${Stack.of(scope).urlSuffix}`);
  const isUploading = upload !== undefined && bucketsOf([upload.to]).length > 0;
  return [
    allow('UseKeysOfCaches', ['kms:Decrypt', ...(isUploading ? ['kms:GenerateDataKey'] : [])], [...kmsKeys], {
      StringLike: { 'kms:ViaService': services },
    }),
  ];
}

/** Names of those stores that are buckets, each once. */
const bucketsOf = (stores: readonly string[]): string[] => [
  ...new Set(stores.flatMap((store) => /^s3:\/\/([^?/]+)/.exec(store)?.[1] ?? [])),
];
