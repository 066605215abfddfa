/**
 * What a launch may be made of. CreateFleet launches with the caller's own permissions: ec2:RunInstances is checked on
 * every single thing an instance is made of or made from, and that is where everything is narrowed down.
 */
import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { FARM_TAG } from '../lambdas/aws/ec2/tags.ts';
import type { Config } from '../lambdas/core/config/config.ts';
import type { WrittenDeploy } from '../lambdas/core/config/deploy-schema.ts';
import { diskKeyStatements } from './key-permissions.ts';
import type { MachineTemplate } from './machine-template.ts';
import { allow, anyInstance, ec2Arn, ofOurFarm } from './statements.ts';
import { KINDS_IN_FLEETS } from './wildcards.ts';

export interface LaunchPermissionProps {
  readonly config: Config;
  readonly deploy: WrittenDeploy;
  /** One for each machine type whose launch template the stack makes. */
  readonly templates: readonly MachineTemplate[];
}

/** Empty when there is nothing to launch. */
export function launchStatements(scope: Construct, props: LaunchPermissionProps): PolicyStatement[] {
  if (props.config.machineTypes.length === 0) return [];
  return [
    askForFleets(scope),
    launchMachines(scope, props),
    allow(
      'LaunchTaggedVolumes',
      ['ec2:RunInstances'],
      [ec2Arn(scope, 'volume', '*'), ec2Arn(scope, 'network-interface', '*')],
      taggedAsOurs(props.config),
    ),
    ...imageStatements(scope, props.config),
    allow('LaunchInOurNetwork', ['ec2:RunInstances'], networkArns(scope, props)),
    ...templateStatements(scope, props),
    ...spotStatements(scope, props.config),
    ...diskKeyStatements(scope, props.deploy.kmsKeys ?? []),
    tagLaunches(scope, props.config),
    ...passRoles(props),
  ];
}

/**
 * A launch from a template other than ours fails here, and at that template (LaunchFromOurTemplates). AWS documents the
 * key for RunInstances, but does not say that a fleet's launches bring it along; if they did not, without IfExists every
 * launch would be refused. What IfExists lets through besides is a launch without any template: still of tagged machines
 * only, of our images, in our subnets and security groups, without a key pair and with a role of ours or none.
 */
const launchMachines = (scope: Construct, props: LaunchPermissionProps): PolicyStatement =>
  allow('LaunchTaggedMachines', ['ec2:RunInstances'], [anyInstance(scope)], {
    ...taggedAsOurs(props.config),
    ArnLikeIfExists: { 'ec2:LaunchTemplate': templateArns(scope, props) },
  });

/**
 * CreateFleet by itself launches nothing, so that naming ours here would protect nothing; and under which ARN EC2 looks at a
 * template or a subnet is not documented: it has been seen to ask for `launch-template/*` (kubernetes-sigs/karpenter#2813).
 */
const askForFleets = (scope: Construct): PolicyStatement =>
  allow(
    'AskForFleets',
    ['ec2:CreateFleet'],
    [...KINDS_IN_FLEETS.map((kind) => ec2Arn(scope, kind, '*')), sharedArn(scope, 'image', '*')],
  );

/** The request itself gives it our tag. */
const taggedAsOurs = (config: Config): Record<string, Record<string, string>> => ({
  StringEquals: { [`aws:RequestTag/${FARM_TAG}`]: config.tag },
});

/** Of images and snapshots, whose ARNs have no account. */
const sharedArn = (scope: Construct, resource: string, resourceName: string): string =>
  Stack.of(scope).formatArn({ service: 'ec2', account: '', resource, resourceName });

function imageStatements(scope: Construct, { machineTypes }: Config): PolicyStatement[] {
  const images = machineTypes.map(({ image }) => image);
  const ids = images.flatMap((image) => ('id' in image ? [image.id] : []));
  const owners = images.flatMap((image) => ('id' in image ? [] : [ownerOf(scope, image.owner)]));
  return [
    ...(ids.length > 0
      ? [
          allow(
            'LaunchNamedImages',
            ['ec2:RunInstances'],
            [...new Set(ids)].map((id) => sharedArn(scope, 'image', id)),
          ),
        ]
      : []),
    ...(owners.length > 0
      ? [
          allow('LaunchOurImages', ['ec2:RunInstances'], [sharedArn(scope, 'image', '*')], {
            StringEquals: { 'ec2:Owner': [...new Set(owners)] },
          }),
        ]
      : []),
  ];
}

/** DescribeImages takes `self`; the condition knows account ids and Amazon's names. */
const ownerOf = (scope: Construct, owner: string): string =>
  owner === 'self' ? Stack.of(scope).account : owner;

function networkArns(scope: Construct, { config, templates }: LaunchPermissionProps): string[] {
  const subnets = config.machineTypes.flatMap((type) => (type.subnets.length === 0 ? ['*'] : type.subnets));
  return [
    ...[...new Set(subnets)].map((id) => ec2Arn(scope, 'subnet', id)),
    ...[...new Set(templates.flatMap(({ securityGroups }) => securityGroups))].map(({ attrGroupId }) =>
      ec2Arn(scope, 'security-group', attrGroupId),
    ),
  ];
}

/** Our templates by id. Those of the user are known by name only, and IAM wants ids: they have to bear our tag. */
function templateArns(scope: Construct, props: LaunchPermissionProps): string[] {
  const ours = props.templates.map(({ template }) => ec2Arn(scope, 'launch-template', template.ref));
  return namesOthers(props) ? [...ours, ec2Arn(scope, 'launch-template', '*')] : ours;
}

const namesOthers = ({ config, templates }: LaunchPermissionProps): boolean =>
  config.machineTypes.length > templates.length;

/** What launch templates of the user may name, themselves included. */
const othersArns = (scope: Construct): string[] => [
  ...['launch-template', 'security-group', 'key-pair', 'placement-group', 'capacity-reservation'].map(
    (kind) => ec2Arn(scope, kind, '*'),
  ),
  sharedArn(scope, 'snapshot', '*'),
];

function templateStatements(scope: Construct, props: LaunchPermissionProps): PolicyStatement[] {
  const ours = props.templates.map(({ template }) => ec2Arn(scope, 'launch-template', template.ref));
  return [
    ...(ours.length > 0 ? [allow('LaunchFromOurTemplates', ['ec2:RunInstances'], ours)] : []),
    ...(namesOthers(props)
      ? [allow('LaunchFromTaggedTemplates', ['ec2:RunInstances'], othersArns(scope), ofOurFarm(props.config))]
      : []),
  ];
}

/** Launching spot machines is also asking for them. The request bears no tag: we tag what it leads to. */
const spotStatements = (scope: Construct, { machineTypes }: Config): PolicyStatement[] =>
  machineTypes.every(({ market }) => market === 'on-demand')
    ? []
    : [
        allow(
          'AskForSpotMachines',
          ['ec2:CreateFleet', 'ec2:RunInstances'],
          [ec2Arn(scope, 'spot-instances-request', '*')],
        ),
      ];

/** Only while launching, and only with our tag among the tags. */
function tagLaunches(scope: Construct, config: Config): PolicyStatement {
  const kinds = ['fleet', 'instance', 'volume', 'network-interface'].map((kind) => ec2Arn(scope, kind, '*'));
  return allow('TagLaunches', ['ec2:CreateTags'], kinds, {
    StringEquals: {
      [`aws:RequestTag/${FARM_TAG}`]: config.tag,
      'ec2:CreateAction': ['RunInstances', 'CreateFleet'],
    },
  });
}

function passRoles({ templates, deploy }: LaunchPermissionProps): PolicyStatement[] {
  const roles = [...templates.map(({ role }) => role.roleArn), ...(deploy.templateRoles ?? [])];
  if (roles.length === 0) return [];
  return [
    allow('PassBuilderRoles', ['iam:PassRole'], roles, {
      StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' },
    }),
  ];
}
