/** The words policies are written in. */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { FARM_TAG, FLEET_MARK } from '../lambdas/aws/ec2/tags.ts';
import type { Config } from '../lambdas/core/config/config.ts';

/** An allowing statement with a name. */
export const allow = (
  sid: string,
  actions: string[],
  resources: string[],
  conditions?: PolicyStatementProps['conditions'],
): PolicyStatement => new PolicyStatement({ sid, actions, resources, ...(conditions && { conditions }) });

export const anyInstance = (scope: Construct): string => ec2Arn(scope, 'instance', '*');

export const ec2Arn = (scope: Construct, resource: string, resourceName: string): string =>
  Stack.of(scope).formatArn({ service: 'ec2', resource, resourceName });

export const bucketArn = (scope: Construct, bucket: string): string =>
  Stack.of(scope).formatArn({ service: 's3', region: '', account: '', resource: bucket });

/** The resource bears our tag already. */
export const ofOurFarm = (config: Config): Record<string, Record<string, string>> => ({
  StringEquals: { [`aws:ResourceTag/${FARM_TAG}`]: config.tag },
});

/**
 * The instance bears our tag, and EC2's own mark that a fleet launched it, which nobody else can write: a tag alone makes
 * no machine ours. AWS itself lets its fleets end instances by this mark (managed policy AWSEC2FleetServiceRolePolicy).
 * Which template it came from is checked by the function: one that a deployment removes still has machines to be ended.
 */
export const launchedByOurFarm = (config: Config): Record<string, Record<string, string>> => ({
  ...ofOurFarm(config),
  StringLike: { [`aws:ResourceTag/${FLEET_MARK}`]: 'fleet-*' },
});

/**
 * What the SSM agent calls to register, to receive commands and sessions and to answer
 * (AWS: docs/develop/facts.md#ssm-what-the-agent-calls).
 */
export const answerSsm = (): PolicyStatement =>
  allow(
    'AnswerSsm',
    [
      'ssm:UpdateInstanceInformation',
      'ssmmessages:CreateControlChannel',
      'ssmmessages:CreateDataChannel',
      'ssmmessages:OpenControlChannel',
      'ssmmessages:OpenDataChannel',
      'ec2messages:AcknowledgeMessage',
      'ec2messages:DeleteMessage',
      'ec2messages:FailMessage',
      'ec2messages:GetEndpoint',
      'ec2messages:GetMessages',
      'ec2messages:SendReply',
    ],
    ['*'],
  );

/** Reads one secret of Secrets Manager or one SSM parameter, by its ARN. */
export function readSecret(sid: string, secret: string | undefined): PolicyStatement[] {
  if (secret === undefined) return [];
  const action = secret.includes(':ssm:') ? 'ssm:GetParameter' : 'secretsmanager:GetSecretValue';
  return [allow(sid, [action], [secret])];
}
