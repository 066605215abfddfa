import { Fn, Stack, Tags } from 'aws-cdk-lib';
import { CfnInstance, CfnSecurityGroup, InstanceArchitecture, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { CfnInstanceProfile, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { NIXOS_IMAGES } from '../lambdas/core/config/image.ts';
import type { BuilderEntrance } from './builder-entrance.ts';
import { BinaryCache } from './binary-cache.ts';
import { hostCommands } from './hydra-host/commands.ts';
import type { HostCommand } from './hydra-host/commands.ts';
import { hydraHostUserData } from './hydra-host/user-data.ts';
import { NewestImage } from './newest-image.ts';
import { allow, answerSsm } from './statements.ts';
import { acknowledge, acknowledgeWildcards } from './wildcards.ts';

/** What there is to say of a Hydra that stands alone. */
export interface HydraHostProps {
  /**
   * Instance type, x86_64 or arm64. Its first boot evaluates and fetches a whole NixOS system, and evaluating jobsets
   * takes as much memory again and again: 8 GiB is the least that works well.
   * @default - m7i.large
   */
  readonly instanceType?: string;
  /**
   * NixOS image to make the host from. Another one replaces the host.
   * @default - the newest official one when the host is made
   */
  readonly image?: string;
  /**
   * Network of the host.
   * @default - the account's default VPC
   */
  readonly vpc?: string;
  /**
   * Subnet of the host, with a way to the internet.
   * @default - one of the default VPC
   */
  readonly subnet?: string;
  /**
   * Size of the disk with Nix store and database.
   * @default - 200
   */
  readonly diskGiB?: number;
  /**
   * IPv4 range that reaches the web pages by HTTPS, with a certificate the host signs itself.
   * @default - nobody: the pages are reached through SSM
   */
  readonly webSource?: string;
  /**
   * What links in pages and mails begin with.
   * @default - http://localhost:3000, where the way through SSM ends
   */
  readonly url?: string;
  /**
   * How builders register with its queue runner, where that is the Rust one.
   * @default - they do not
   */
  readonly entrance?: BuilderEntrance;
  /**
   * Key the log group of the image's finder is encrypted with.
   * @default - one of AWS's own
   */
  readonly encryptionKey?: IKey;
}

export const DEFAULT_HYDRA_HOST = {
  instanceType: 'm7i.large',
  diskGiB: 200,
  url: 'http://localhost:3000',
} as const satisfies HydraHostProps;

/**
 * A Hydra that stands alone: NixOS on EC2 with PostgreSQL, evaluator, queue runner, web pages, a binary cache on S3 and
 * the autoscaler's settings. It is made from an official image by user data that rebuilds the system once, at the first
 * boot: some ten minutes (an estimate from what it fetches), which a host made once can take and builders cannot. The
 * alternative, an image of our own in every region, would have to be made anew every week.
 *
 * Passwords and private keys are made on the host and stay there. Its disk outlives it, and so does the cache.
 */
export class HydraHost extends Construct {
  /** The machine. Another image or subnet replaces it. */
  readonly instance: CfnInstance;
  /** Its own group, which the builders let in. */
  readonly securityGroup: CfnSecurityGroup;
  /** What the host may do. */
  readonly role: Role;
  /** The binary cache on S3, which outlives it. */
  readonly cache: BinaryCache;
  /** Where the host puts the public key of its queue runner, and builders read it. */
  readonly queueRunnerKey: StringParameter;
  /** What people want to do with the host, ready to paste. */
  readonly commands: readonly HostCommand[];

  constructor(scope: Construct, id: string, props: HydraHostProps = {}) {
    super(scope, id);
    this.cache = new BinaryCache(this, 'Cache');
    // Whatever changes this resource puts this value back, tags for example: the host looks at it every hour.
    this.queueRunnerKey = new StringParameter(this, 'QueueRunnerKey', {
      description: 'hydra-autoscaler: public key of the queue runner, put here by the Hydra host',
      stringValue: 'not made yet',
    });
    this.securityGroup = new CfnSecurityGroup(this, 'SecurityGroup', {
      groupDescription: 'hydra-autoscaler: the Hydra host',
      ...(props.vpc !== undefined && { vpcId: props.vpc }),
      securityGroupIngress: [...webFrom(props.webSource), ...(props.entrance?.ingress() ?? [])],
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    this.instance = this.#makeInstance(props);
    this.commands = hostCommands(this.instance);
    for (const [id, reason] of Object.entries(MEANT)) acknowledge(this.instance, id, reason);

    const publishKey = allow(
      'PublishQueueRunnerKey',
      ['ssm:GetParameter', 'ssm:PutParameter'],
      [this.queueRunnerKey.parameterArn],
    );
    for (const statement of [
      answerSsm(),
      publishKey,
      ...(props.entrance?.hostStatements() ?? []),
      ...this.cache.statements(),
    ])
      this.role.addToPolicy(statement);
    acknowledgeWildcards(this.role, this.cache.spelling);
    // At its first boot the host already does what it is permitted to do.
    this.instance.node.addDependency(this.role);
  }

  #makeInstance(props: HydraHostProps): CfnInstance {
    const { instanceType, diskGiB, url } = { ...DEFAULT_HYDRA_HOST, ...props };
    const instance = new CfnInstance(this, 'Instance', {
      imageId: props.image ?? newestImage(this, instanceType, props.encryptionKey),
      instanceType,
      iamInstanceProfile: new CfnInstanceProfile(this, 'Profile', { roles: [this.role.roleName] }).ref,
      securityGroupIds: [this.securityGroup.attrGroupId],
      ...(props.subnet !== undefined && { subnetId: props.subnet }),
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: disk(diskGiB) }],
      propagateTagsToVolumeOnCreation: true,
      userData: Fn.base64(
        hydraHostUserData({
          bucket: this.cache.bucket.bucketName,
          region: Stack.of(this).region,
          url,
          web: props.webSource !== undefined,
          keyParameter: this.queueRunnerKey.parameterName,
          ...props.entrance?.hostSettings(),
        }),
      ),
    });
    Tags.of(instance).add('Name', 'Hydra');
    return instance;
  }
}

/** Findings about the instance, and why it is as it is. */
const MEANT = {
  'AwsSolutions-EC26':
    'the disk is encrypted; the rule trips over an instance without launch template beside launch templates',
  'AwsSolutions-EC28': 'metrics by the minute cost extra, and nothing here looks at them',
  'AwsSolutions-EC29': 'what would be lost with the host is on its disk, which outlives it',
  'CloudFormation-Validate::W9010': 'an image is named only where somebody wants that very image',
};

/** One that fits the processor of the instance type. */
function newestImage(scope: Construct, instanceType: string, encryptionKey: IKey | undefined): string {
  const isArm = new InstanceType(instanceType).architecture === InstanceArchitecture.ARM_64;
  return new NewestImage(scope, 'Image', {
    ...NIXOS_IMAGES,
    architecture: isArm ? 'arm64' : 'x86_64',
    ...(encryptionKey && { encryptionKey }),
  }).imageId;
}

const disk = (sizeGiB: number): CfnInstance.EbsProperty => ({
  volumeType: 'gp3',
  volumeSize: sizeGiB,
  encrypted: true,
  deleteOnTermination: false,
});

/** Port 80 only leads to 443. */
const webFrom = (source: string | undefined): CfnSecurityGroup.IngressProperty[] =>
  source === undefined
    ? []
    : [80, 443].map((port) => ({
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
        cidrIp: source,
        description: 'web pages',
      }));
