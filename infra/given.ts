/** What an app gives as constructs, whose names may be known only when it is deployed. It beats the configuration. */
import { Token } from 'aws-cdk-lib';
import { Peer } from 'aws-cdk-lib/aws-ec2';
import type { IPeer, IVpc, SubnetSelection, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IStringParameter } from 'aws-cdk-lib/aws-ssm';
import { deploySchema } from '../lambdas/core/config/deploy-schema.ts';
import type { WrittenDeploy } from '../lambdas/core/config/deploy-schema.ts';
import type { ConfigProblem } from '../lambdas/core/config/problem.ts';

/** What an app has made itself. It beats the configuration. */
// Where optional is meant to the letter, the CDK's class Vpc does not fit its own interface.
export interface GivenProps {
  /**
   * Network of all machines, instead of `deploy.vpc` and the `subnets` of machine types.
   * @default - those of the configuration, else the account's default VPC
   */
  readonly vpc?: IVpc | Vpc;
  /**
   * Subnets of all machines, tried in this order; they need a way out to SSM and to their substituters. `subnetType` and
   * the like are looked for in `vpc`. A Hydra that comes with the farm stands in the first of them.
   * @default - the private subnets of `vpc` with a way out; else its isolated ones; else its public ones
   */
  readonly subnets?: SubnetSelection;
  /**
   * Who may reach machines on their SSH port: a security group, or `Peer.ipv4('10.0.0.5/32')`; not by IPv6.
   * @default - `deploy.hydraSource`
   */
  readonly hydraSource?: IPeer;
  /**
   * Public key line of the queue runner, or the SSM parameter that holds it when machines boot.
   * @default - `deploy.queueRunnerKey`
   */
  readonly queueRunnerKey?: string | IStringParameter;
  /**
   * Keys that disks, images, upload secrets or caches are encrypted with; the account's default EBS key among them.
   * @default - `deploy.kmsKeys`
   */
  readonly kmsKeys?: readonly IKey[];
}

/** The same, as the stack uses it. */
export interface Given {
  readonly hydraSource?: IPeer;
  readonly queueRunnerKey?: string | IStringParameter;
  /** Ids, or tokens for them. */
  readonly subnets?: readonly string[];
  /** As if it had been written: for rules, and for whoever needs no more than a name, which may be a token. */
  readonly deploy: Partial<WrittenDeploy>;
}

/** @throws TypeError for a key that is none, for subnets that are none or cannot be looked for, and for ranges of IPv6. */
export function givenBy({ vpc, subnets, hydraSource, queueRunnerKey, kmsKeys }: GivenProps): Given {
  const ids = subnetsOf(vpc, subnets);
  if (ids?.length === 0) throw new TypeError('subnets are none: machines could be launched nowhere');
  return {
    ...(hydraSource && { hydraSource: reachableBy(hydraSource) }),
    ...(queueRunnerKey !== undefined && { queueRunnerKey: checkedKey(queueRunnerKey) }),
    ...(ids && { subnets: ids }),
    deploy: {
      ...(vpc && { vpc: vpc.vpcId }),
      ...(hydraSource && { hydraSource: hydraSource.uniqueId }),
      ...(queueRunnerKey !== undefined && {
        queueRunnerKey: typeof queueRunnerKey === 'string' ? queueRunnerKey : queueRunnerKey.parameterName,
      }),
      ...(kmsKeys && { kmsKeys: kmsKeys.map(({ keyArn }) => keyArn) }),
    },
  };
}

function subnetsOf(
  vpc: IVpc | Vpc | undefined,
  wanted: SubnetSelection | undefined,
): readonly string[] | undefined {
  if (vpc !== undefined) return vpc.selectSubnets(wanted).subnetIds;
  if (wanted === undefined) return undefined;
  if (wanted.subnets === undefined)
    throw new TypeError('subnets are looked for in a vpc; give that as well, or the subnets themselves');
  return wanted.subnets.map(({ subnetId }) => subnetId);
}

/** Queue runners know machines by their private IPv4 addresses. */
function reachableBy(source: IPeer): IPeer {
  if (Object.hasOwn(source.toIngressRuleConfig() as object, 'cidrIpv6'))
    throw new TypeError('hydraSource is a range of IPv6, by which nobody reaches machines; give one of IPv4');
  return source;
}

function checkedKey(key: string | IStringParameter): string | IStringParameter {
  if (typeof key !== 'string' || Token.isUnresolved(key)) return key;
  const { success, error } = deploySchema.shape.queueRunnerKey.safeParse(key);
  if (!success) throw new TypeError(`queueRunnerKey ${error.issues[0]?.message ?? 'is none'}`);
  return key;
}

/** Who reaches machines, as it is written: a security group, whose id may be a token, or a range of addresses. */
export const writtenPeer = (source: string): IPeer =>
  source.startsWith('sg-') || Token.isUnresolved(source) ? Peer.securityGroupId(source) : Peer.ipv4(source);

/** What a configuration that is written in an app says with a token: it is read before anything has a name. */
export function tokensIn(written: unknown, path = ''): readonly ConfigProblem[] {
  if (Token.isUnresolved(written))
    return [{ path, says: 'is known only when the app is deployed; give it as a prop, or write it out' }];
  if (typeof written !== 'object' || written === null) return [];
  return Object.entries(written).flatMap(([key, inner]: [string, unknown]) =>
    tokensIn(inner, path === '' ? key : `${path}.${key}`),
  );
}
