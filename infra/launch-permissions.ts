/**
 * What a launch may be made of. CreateFleet launches with the caller's own permissions: ec2:RunInstances is checked on
 * every single thing an instance is made of or made from, and that is where everything is narrowed down.
 */
import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { FARM_TAG } from '../lambdas/adapters/tags.ts';
import type { Config } from '../lambdas/core/config/config.ts';
import type { WrittenDeploy } from '../lambdas/core/config/deploy-schema.ts';
import type { MachineTemplate } from './machine-template.ts';
import { allow, anyInstance, ec2Arn, ofOurFarm } from './statements.ts';

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
    askForFleets(scope, props),
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
    ...keyStatements(scope, props),
    tagLaunches(scope, props.config),
    ...passRoles(props),
  ];
}

/**
 * A launch from another template than ours fails here, and at that template (LaunchFromOurTemplates). AWS documents the
 * key for RunInstances, but does not say that a fleet's launches bring it along; if they did not, without IfExists every
 * launch would be refused. What IfExists lets through besides is a launch without any template: still of tagged machines
 * only, of our images, in our subnets and security groups, without a key pair and with a role of ours or none.
 */
const launchMachines = (scope: Construct, props: LaunchPermissionProps): PolicyStatement =>
  allow('LaunchTaggedMachines', ['ec2:RunInstances'], [anyInstance(scope)], {
    ...taggedAsOurs(props.config),
    ArnLikeIfExists: { 'ec2:LaunchTemplate': templateArns(scope, props) },
  });

/** CreateFleet by itself launches nothing, and knows few conditions: it is limited to the kinds of things we use. */
function askForFleets(scope: Construct, props: LaunchPermissionProps): PolicyStatement {
  const made = ['fleet', 'instance', 'volume', 'network-interface'].map((kind) => ec2Arn(scope, kind, '*'));
  const used = [
    ...networkArns(scope, props),
    ...othersNetwork(scope, props),
    ...templateArns(scope, props),
    ...imageArns(scope, props.config),
  ];
  return allow('AskForFleets', ['ec2:CreateFleet'], [...made, ...new Set(used)]);
}

/** The request itself gives it our tag. */
const taggedAsOurs = (config: Config): Record<string, Record<string, string>> => ({
  StringEquals: { [`aws:RequestTag/${FARM_TAG}`]: config.tag },
});

const imageArn = (scope: Construct, id: string): string =>
  Stack.of(scope).formatArn({ service: 'ec2', account: '', resource: 'image', resourceName: id });

function imageArns(scope: Construct, { machineTypes }: Config): string[] {
  return [...new Set(machineTypes.map(({ image }) => imageArn(scope, 'id' in image ? image.id : '*')))];
}

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
            [...new Set(ids)].map((id) => imageArn(scope, id)),
          ),
        ]
      : []),
    ...(owners.length > 0
      ? [
          allow('LaunchOurImages', ['ec2:RunInstances'], [imageArn(scope, '*')], {
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
    ...templates.map(({ securityGroup }) => ec2Arn(scope, 'security-group', securityGroup.attrGroupId)),
  ];
}

/** Our templates by id. Those of the user are known by name only, and IAM wants ids: they have to bear our tag. */
function templateArns(scope: Construct, props: LaunchPermissionProps): string[] {
  const ours = props.templates.map(({ template }) => ec2Arn(scope, 'launch-template', template.ref));
  return namesOthers(props) ? [...ours, ec2Arn(scope, 'launch-template', '*')] : ours;
}

const namesOthers = ({ config, templates }: LaunchPermissionProps): boolean =>
  config.machineTypes.length > templates.length;

/** What else launch templates of the user may name. */
const othersNetwork = (scope: Construct, props: LaunchPermissionProps): string[] =>
  namesOthers(props) ? ['security-group', 'key-pair'].map((kind) => ec2Arn(scope, kind, '*')) : [];

function templateStatements(scope: Construct, props: LaunchPermissionProps): PolicyStatement[] {
  const ours = props.templates.map(({ template }) => ec2Arn(scope, 'launch-template', template.ref));
  const others = [ec2Arn(scope, 'launch-template', '*'), ...othersNetwork(scope, props)];
  return [
    ...(ours.length > 0 ? [allow('LaunchFromOurTemplates', ['ec2:RunInstances'], ours)] : []),
    ...(namesOthers(props)
      ? [allow('LaunchFromTaggedTemplates', ['ec2:RunInstances'], others, ofOurFarm(props.config))]
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

/** Disks under keys of the user: EC2 uses the key with our rights when it makes them, then with a grant of its own. */
function keyStatements(
  scope: Construct,
  { deploy: { kmsKeys = [] } }: LaunchPermissionProps,
): PolicyStatement[] {
  if (kmsKeys.length === 0) return [];
  const { region, urlSuffix } = Stack.of(scope);
  const byEc2 = { StringEquals: { 'kms:ViaService': `ec2.${region}.${urlSuffix}` } };
  const uses = ['Decrypt', 'DescribeKey', 'GenerateDataKeyWithoutPlaintext', 'ReEncryptFrom', 'ReEncryptTo'];
  return [
    allow(
      'UseKeysOfDisks',
      uses.map((use) => `kms:${use}`),
      [...kmsKeys],
      byEc2,
    ),
    allow('LendKeysOfDisks', ['kms:CreateGrant'], [...kmsKeys], {
      ...byEc2,
      Bool: { 'kms:GrantIsForAWSResource': 'true' },
    }),
  ];
}

/** Only while launching, and only with our tag among the tags. */
function tagLaunches(scope: Construct, config: Config): PolicyStatement {
  const kinds = ['instance', 'volume', 'network-interface'].map((kind) => ec2Arn(scope, kind, '*'));
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
