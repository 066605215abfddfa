import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, StorageClass } from 'aws-cdk-lib/aws-s3';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { allow, bucketArn } from './statements.ts';
import { acknowledge } from './wildcards.ts';

/** What goes into the cache and is found there again; nothing is ever deleted. */
const KEEP = ['GetObject', 'PutObject', 'AbortMultipartUpload', 'ListMultipartUploadParts'];

/** A private bucket for a Nix binary cache. It outlives the stack. */
export class BinaryCache extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          abortIncompleteMultipartUploadAfter: Duration.days(7),
          // What is no longer fetched becomes cheaper by itself, and is fetched as fast as before.
          transitions: [
            { storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(30) },
          ],
        },
      ],
    });
    acknowledge(
      this.bucket,
      'AwsSolutions-S1',
      'outputs of builds; a log of every fetch would be larger than they are',
    );
  }

  /** The bucket as cdk-nag writes it. */
  get spelling(): string {
    const { logicalId } = this.bucket.node.defaultChild as CfnBucket;
    return `<${String(Stack.of(this).resolve(logicalId))}>`;
  }

  /** What an uploader has to be allowed. */
  statements(): PolicyStatement[] {
    const arn = bucketArn(this, this.bucket.bucketName);
    return [
      allow(
        'KeepOutputs',
        KEEP.map((action) => `s3:${action}`),
        [`${arn}/*`],
      ),
      allow('FindOutputs', ['s3:GetBucketLocation', 's3:ListBucket'], [arn]),
    ];
  }
}
