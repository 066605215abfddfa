import { Aws, Fn } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { CfnLaunchTemplate, CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IPeer } from 'aws-cdk-lib/aws-ec2';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IStringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { FARM_TAG, NAME_TAG, TYPE_TAG, instanceName, typeToTagValue } from '../lambdas/aws/ec2/tags.ts';
import { BuilderRole } from './builder-role.ts';
import type { MachineRegistration } from './builder-role.ts';
import { userData } from './builders/user-data.ts';
import type { QueueRunners } from './builders/user-data.ts';
import type { BuilderType } from './deployment.ts';

export interface MachineTemplateProps {
  readonly builder: BuilderType;
  /** The farm's tag. */
  readonly farm: string;
  /** The state table, where machines see that the autoscaler lives. */
  readonly table: Table;
  /**
   * Who may reach the machines on the type's SSH port.
   * @default - none: nobody reaches them
   */
  readonly hydraSource?: IPeer;
  /**
   * Public key line of the queue runner, or the SSM parameter that holds it.
   * @default - none: the image brings its own authorised keys
   */
  readonly queueRunnerKey?: string | IStringParameter;
  /**
   * How the machines register with the Rust queue runner.
   * @default - they do not
   */
  readonly registration?: MachineRegistration;
  /**
   * Security groups the machines are in beside that of their type.
   * @default - none
   */
  readonly furtherGroups?: readonly CfnSecurityGroup[];
  /**
   * Network of the machines.
   * @default - the account's default VPC
   */
  readonly vpc?: string;
  /**
   * ARNs of KMS keys that secrets or caches of the machines are encrypted with.
   * @default - none
   */
  readonly kmsKeys?: readonly string[];
  /**
   * Further tags of machines and volumes.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

type LaunchTemplateData = CfnLaunchTemplate.LaunchTemplateDataProperty;

/**
 * Everything about the machines of one type that does not change from launch to launch. Image, instance type and subnet
 * come with each launch, so none of them is pinned here.
 */
export class MachineTemplate extends Construct {
  readonly template: CfnLaunchTemplate;
  readonly securityGroups: readonly CfnSecurityGroup[];
  readonly role: Role;

  constructor(scope: Construct, id: string, props: MachineTemplateProps) {
    super(scope, id);
    const { type } = props.builder;
    const { role, profile } = new BuilderRole(this, 'BuilderRole', {
      table: props.table,
      farm: props.farm,
      ...(props.builder.settings.upload && { upload: props.builder.settings.upload }),
      substituters: props.builder.settings.substituters,
      kmsKeys: props.kmsKeys ?? [],
      ...(typeof props.queueRunnerKey === 'object' && { queueRunnerKey: props.queueRunnerKey }),
      ...(props.registration && { registration: props.registration }),
    });
    this.role = role;
    const ownGroup = new CfnSecurityGroup(this, 'SecurityGroup', {
      groupDescription: `hydra-autoscaler builders of ${type.key}`.replace(
        /[^A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]/g,
        ' ',
      ),
      ...(props.vpc !== undefined && { vpcId: props.vpc }),
      securityGroupIngress: props.hydraSource === undefined ? [] : [sshFrom(props.hydraSource, type.sshPort)],
    });
    this.securityGroups = [ownGroup, ...(props.furtherGroups ?? [])];
    const tags = templateTags(props);
    this.template = new CfnLaunchTemplate(this, 'Template', {
      launchTemplateName: type.launchTemplate,
      versionDescription: 'made by hydra-autoscaler; the next deployment adds a version',
      tagSpecifications: [{ resourceType: 'launch-template', tags }],
      launchTemplateData: {
        ...machineData(props.builder),
        iamInstanceProfile: { arn: profile.attrArn },
        securityGroupIds: this.securityGroups.map(({ attrGroupId }) => attrGroupId),
        ...userDataOf(props),
        tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({
          resourceType,
          tags,
        })),
      },
    });
  }
}

function machineData({ settings }: BuilderType): LaunchTemplateData {
  return {
    // The dead-man switch ends a machine by powering it off.
    instanceInitiatedShutdownBehavior: 'terminate',
    metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [
      {
        deviceName: settings.rootDevice,
        ebs: {
          volumeType: 'gp3',
          volumeSize: settings.diskGiB,
          iops: settings.diskIops,
          throughput: settings.diskThroughput,
          encrypted: true,
          deleteOnTermination: true,
        },
      },
    ],
    ...(settings.nestedVirtualization && { cpuOptions: { nestedVirtualization: 'enabled' } }),
  };
}

function userDataOf(props: MachineTemplateProps): LaunchTemplateData {
  const { builder, farm, table, kmsKeys = [] } = props;
  const queueRunners = queueRunnersOf(props);
  if (builder.settings.userData === 'none' || Object.keys(queueRunners).length === 0) return {};
  const usesKmsKeys = kmsKeys.length > 0;
  return {
    userData: Fn.base64(userData({ builder, farm, stateTable: table.tableName, queueRunners, usesKmsKeys })),
  };
}

function queueRunnersOf({ queueRunnerKey: key, registration }: MachineTemplateProps): QueueRunners {
  return {
    ...(key !== undefined && {
      key: typeof key === 'string' ? { line: key } : { parameter: key.parameterName },
    }),
    ...(registration && {
      registration: { ...registration, builderParameter: registration.builderParameter.parameterName },
    }),
  };
}

const sshFrom = (source: IPeer, port: number): CfnSecurityGroup.IngressProperty => ({
  ipProtocol: 'tcp',
  fromPort: port,
  toPort: port,
  description: 'the Hydra host, over SSH',
  ...(source.toIngressRuleConfig() as Partial<CfnSecurityGroup.IngressProperty>),
});

/** What the function tags a launch with as well, and whose it is on the bill. A launch's own tags beat these. */
function templateTags({ builder, farm, tags }: MachineTemplateProps): { key: string; value: string }[] {
  const all = {
    ...tags,
    [FARM_TAG]: farm,
    [TYPE_TAG]: typeToTagValue(builder.type.key),
    [NAME_TAG]: instanceName(builder.type.key),
    'hydra-autoscaler:stack': Aws.STACK_NAME,
  };
  return Object.entries(all).map(([key, value]) => ({ key, value }));
}
