import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './wildcards.ts';

/** Where event and error of every failed invocation end up, for two weeks. */
export function failedInvocationQueue(scope: Construct): Queue {
  const queue = new Queue(scope, 'FailedInvocations', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  acknowledge(queue, 'AwsSolutions-SQS3', 'it is itself where failed invocations end, for people to read');
  return queue;
}
