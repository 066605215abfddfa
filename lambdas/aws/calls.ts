/**
 * Every AWS call this program makes, and the IAM action each needs. The function's policy is written from this list
 * and a test holds it against the adapters, so neither can grow alone.
 */

export interface AwsCall {
  /** As the SDK's client packages are called. */
  readonly service: 'ec2' | 'ssm' | 'dynamodb' | 'service-quotas' | 'pricing';
  /** The SDK command, without `Command`. */
  readonly command: string;
  readonly action: string;
}

/** An action AWS checks on our account's behalf while it carries out one of our calls. */
export interface IndirectAction {
  readonly action: string;
  /** Which call needs it, and when. */
  readonly because: string;
}

const ec2 = (command: string): AwsCall => ({ service: 'ec2', command, action: `ec2:${command}` });
const ssm = (command: string): AwsCall => ({ service: 'ssm', command, action: `ssm:${command}` });
const dynamodb = (command: string): AwsCall => ({
  service: 'dynamodb',
  command,
  action: `dynamodb:${command}`,
});

const quotas = (command: string): AwsCall => ({
  service: 'service-quotas',
  command,
  action: `servicequotas:${command}`,
});

export const AWS_CALLS: readonly AwsCall[] = [
  ec2('DescribeInstances'),
  ec2('DescribeSpotInstanceRequests'),
  ec2('DescribeImages'),
  ec2('DescribeLaunchTemplates'),
  ec2('DescribeSubnets'),
  ec2('DescribeInstanceTypes'),
  // Of types that say what machines must be like, for the doctor.
  ec2('GetInstanceTypesFromInstanceRequirements'),
  ec2('DescribeInstanceTypeOfferings'),
  ec2('DescribeSpotPriceHistory'),
  ec2('GetConsoleOutput'),
  ec2('CreateFleet'),
  // As a dry run only; in earnest it is what CreateFleet does with our permissions.
  ec2('RunInstances'),
  ec2('StartInstances'),
  ec2('StopInstances'),
  ec2('TerminateInstances'),
  ssm('DescribeInstanceInformation'),
  ssm('SendCommand'),
  ssm('CancelCommand'),
  ssm('GetCommandInvocation'),
  ssm('ListCommandInvocations'),
  dynamodb('Query'),
  dynamodb('GetItem'),
  dynamodb('PutItem'),
  dynamodb('UpdateItem'),
  dynamodb('DeleteItem'),
  { service: 'pricing', command: 'GetProducts', action: 'pricing:GetProducts' },
  quotas('GetServiceQuota'),
  quotas('GetAWSDefaultServiceQuota'),
];

export const INDIRECT_ACTIONS: readonly IndirectAction[] = [
  { action: 'ec2:CreateTags', because: 'CreateFleet tags instances and volumes as it launches them' },
  { action: 'iam:PassRole', because: 'CreateFleet, where the launch template names an instance profile' },
  ...[
    'Decrypt',
    'DescribeKey',
    'GenerateDataKeyWithoutPlaintext',
    'ReEncryptFrom',
    'ReEncryptTo',
    'CreateGrant',
  ].map((use) => ({
    action: `kms:${use}`,
    because:
      'CreateFleet and StartInstances, where disks are encrypted with a key of the user; DynamoDB’s calls, where the table is',
  })),
  ...['Encrypt', 'GenerateDataKey'].map((use) => ({
    action: `kms:${use}`,
    because: 'DynamoDB’s calls, where the table is encrypted with a key of the user',
  })),
];
