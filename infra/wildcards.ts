/**
 * Every `*` in our policies, and why it cannot be less. A test holds this list against the synthesised policies both
 * ways, and cdk-nag accepts exactly what is on it.
 */
import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

export interface Wildcard {
  /** The statements it stands in. */
  readonly sids: readonly string[];
  /** The resource, as cdk-nag writes it. */
  readonly resource: string;
  readonly because: string;
}

const ec2 = (resource: string): string =>
  `arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:${resource}`;

/** What a fleet is made of or made from, besides images. */
export const KINDS_IN_FLEETS: readonly string[] = [
  'fleet',
  'instance',
  'volume',
  'network-interface',
  'launch-template',
  'subnet',
  'security-group',
  'key-pair',
  'placement-group',
  'capacity-reservation',
];

/** Stands for the buckets of the configuration, and of the stack’s own Hydra host. */
export const BUCKET = 'BUCKET';

export const WILDCARDS: readonly Wildcard[] = [
  {
    sids: [
      'Look',
      'SeePrices',
      'LookForNodes',
      'ReadAnswers',
      'EndWatches',
      'SeeDefaultQuotas',
      'AnswerSsm',
      'FindImage',
    ],
    resource: '*',
    because: 'none of these actions can be limited to a resource (AWS service authorization reference)',
  },
  {
    sids: ['RunOnOurMachines', 'EndOurMachines', 'ReadOurConsoles', 'LaunchTaggedMachines', 'TagLaunches'],
    resource: ec2('instance/*'),
    because:
      'machines have no id before their launch; a condition demands the farm’s tag, or the machine is only being made',
  },
  {
    sids: ['LaunchTaggedVolumes', 'TagLaunches'],
    resource: ec2('volume/*'),
    because: 'a volume has no id before its launch; a condition demands the farm’s tag',
  },
  {
    sids: ['LaunchTaggedVolumes', 'TagLaunches'],
    resource: ec2('network-interface/*'),
    because: 'a network interface has no id before its launch; a condition demands the farm’s tag',
  },
  {
    sids: ['TagLaunches'],
    resource: ec2('fleet/*'),
    because: 'an instant fleet has no id before it is made; a condition demands the farm’s tag',
  },
  {
    sids: ['AskForSpotMachines'],
    resource: ec2('spot-instances-request/*'),
    because:
      'a request for spot machines has no id before it is made; the machines it leads to are limited as all are',
  },
  {
    sids: ['LaunchOurImages'],
    resource: 'arn:<AWS::Partition>:ec2:<AWS::Region>::image/*',
    because:
      'images are looked up at each launch, as they are deleted after 90 days; a condition demands their owner',
  },
  {
    sids: ['LaunchInOurNetwork'],
    resource: ec2('subnet/*'),
    because: 'a machine type without subnets launches into whichever subnet the default VPC has',
  },
  {
    sids: ['LaunchFromTaggedTemplates'],
    resource: ec2('launch-template/*'),
    because: 'launch templates of the user are known by name only; a condition demands the farm’s tag',
  },
  ...['security-group', 'key-pair', 'placement-group', 'capacity-reservation'].map((kind) => ({
    sids: ['LaunchFromTaggedTemplates'],
    resource: ec2(`${kind}/*`),
    because: 'what launch templates of the user name is not known; a condition demands the farm’s tag',
  })),
  {
    sids: ['LaunchFromTaggedTemplates'],
    resource: 'arn:<AWS::Partition>:ec2:<AWS::Region>::snapshot/*',
    because:
      'the snapshots in launch templates of the user are not known; a condition demands the farm’s tag',
  },
  ...[
    ...KINDS_IN_FLEETS.map((kind) => ec2(`${kind}/*`)),
    'arn:<AWS::Partition>:ec2:<AWS::Region>::image/*',
  ].map((resource) => ({
    sids: ['AskForFleets'],
    resource,
    because:
      'CreateFleet launches nothing by itself, and under which ids EC2 looks at what it names is not documented; RunInstances is limited',
  })),
  {
    sids: ['UploadOutputs', 'KeepOutputs', 'FetchOutputs'],
    resource: `arn:<AWS::Partition>:s3:::${BUCKET}/*`,
    because: 'a binary cache has an object for every output, named by its hash',
  },
];

/** Tells cdk-nag of all wildcards in the policies of `scope`. @param buckets those outputs go to and come from. */
export function acknowledgeWildcards(scope: IConstruct, ...buckets: readonly string[]): void {
  for (const { resource, because } of WILDCARDS)
    for (const spelt of resource.includes(BUCKET)
      ? buckets.map((name) => resource.replace(BUCKET, name))
      : [resource])
      acknowledge(scope, `AwsSolutions-IAM5[Resource::${spelt}]`, because);
}

/** Tells cdk-nag why one finding is meant. */
export function acknowledge(scope: IConstruct, id: string, reason: string): void {
  Validations.of(scope).acknowledge({ id, reason });
}
