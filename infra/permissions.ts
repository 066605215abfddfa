/**
 * What the function may do: the calls it makes (lambdas/aws/calls.ts), each narrowed as far as IAM allows.
 * A test holds the two against each other.
 */
import { Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { QUOTA_SERVICE, VCPU_QUOTA_CODES } from '../lambdas/aws/quotas/quota-codes.ts';
import type { Config } from '../lambdas/core/config/config.ts';
import { keeperKeyStatement } from './key-permissions.ts';
import { launchStatements } from './launch-permissions.ts';
import type { LaunchPermissionProps } from './launch-permissions.ts';
import { allow, anyInstance, ec2Arn, launchedByOurFarm } from './statements.ts';

export interface PermissionProps extends LaunchPermissionProps {
  readonly config: Config;
  /** `i-…` or `mi-…`. */
  readonly hostInstanceId: string;
  readonly table: Table;
  readonly documents: readonly CfnDocument[];
}

/** The statements of the function's policy. @param scope anything in the stack. */
export function functionStatements(scope: Construct, props: PermissionProps): PolicyStatement[] {
  return [
    ...lookStatements(scope, props.config),
    ...commandStatements(scope, props),
    ...endStatements(scope, props.config),
    ...launchStatements(scope, props),
    allow(
      'KeepState',
      ['Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action}`),
      [props.table.tableArn],
    ),
    ...(props.table.encryptionKey ? [keeperKeyStatement(scope, props.table.encryptionKey)] : []),
  ];
}

function lookStatements(scope: Construct, config: Config): PolicyStatement[] {
  return [
    allow(
      'Look',
      [
        'ec2:DescribeInstances',
        'ec2:DescribeSpotInstanceRequests',
        'ec2:DescribeImages',
        'ec2:DescribeLaunchTemplates',
        'ec2:DescribeSubnets',
        'ec2:DescribeInstanceTypes',
        'ec2:DescribeSpotPriceHistory',
        ...(config.machineTypes.some(({ instanceRequirements }) => instanceRequirements !== undefined)
          ? ['ec2:GetInstanceTypesFromInstanceRequirements', 'ec2:DescribeInstanceTypeOfferings']
          : []),
      ],
      ['*'],
    ),
    allow('SeePrices', ['pricing:GetProducts'], ['*']),
    allow('LookForNodes', ['ssm:DescribeInstanceInformation'], ['*']),
    allow('ReadAnswers', ['ssm:GetCommandInvocation', 'ssm:ListCommandInvocations'], ['*']),
    allow('SeeQuotas', ['servicequotas:GetServiceQuota'], quotaArns(scope)),
    allow('SeeDefaultQuotas', ['servicequotas:GetAWSDefaultServiceQuota'], ['*']),
    allow('ReadOurConsoles', ['ec2:GetConsoleOutput'], [anyInstance(scope)], launchedByOurFarm(config)),
  ];
}

const quotaArns = (scope: Construct): string[] =>
  Object.values(VCPU_QUOTA_CODES).map((code) =>
    Stack.of(scope).formatArn({ service: 'servicequotas', resource: QUOTA_SERVICE, resourceName: code }),
  );

/** SSM checks document and node apart: both lists together are what can be run, and where. */
function commandStatements(scope: Construct, props: PermissionProps): PolicyStatement[] {
  const { config, documents, hostInstanceId } = props;
  const stack = Stack.of(scope);
  const host = hostInstanceId.startsWith('mi-')
    ? stack.formatArn({ service: 'ssm', resource: 'managed-instance', resourceName: hostInstanceId })
    : ec2Arn(scope, 'instance', hostInstanceId);
  const ours = documents.map(({ ref }) =>
    stack.formatArn({ service: 'ssm', resource: 'document', resourceName: ref }),
  );
  return [
    // Also where the watch is off: one may be left of a time before.
    allow('EndWatches', ['ssm:CancelCommand'], ['*']),
    allow('RunOurDocuments', ['ssm:SendCommand'], ours),
    allow('RunOnTheHydraHost', ['ssm:SendCommand'], [host]),
    allow('RunOnOurMachines', ['ssm:SendCommand'], [anyInstance(scope)], launchedByOurFarm(config)),
  ];
}

const endStatements = (scope: Construct, config: Config): PolicyStatement[] => [
  allow(
    'EndOurMachines',
    ['ec2:StartInstances', 'ec2:StopInstances', 'ec2:TerminateInstances'],
    [anyInstance(scope)],
    launchedByOurFarm(config),
  ),
];
