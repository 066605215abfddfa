/** The launch template of each machine type, and what of the whole farm it needs. */
import { Connections, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { BuilderEntrance } from './builder-entrance.ts';
import type { Deployment } from './deployment.ts';
import { writtenPeer } from './given.ts';
import type { HydraHost } from './hydra-host.ts';
import { MachineTemplate } from './machine-template.ts';
import type { MachineTemplateProps } from './machine-template.ts';
import { entranceAddress, servedQueueRunners } from './queue-runners.ts';
import type { StateTable } from './state-table.ts';

export interface FarmParts {
  readonly deployment: Deployment;
  readonly table: StateTable;
  /** The stack's own. */
  readonly hydraHost: HydraHost | undefined;
  /** Where machines register with a Rust queue runner. */
  readonly entrance: BuilderEntrance | undefined;
}

/** One for each machine type that names none of the user's. @param scope what they are children of. */
export function makeTemplates(scope: Construct, parts: FarmParts): MachineTemplate[] {
  const { config, deploy, builders } = parts.deployment;
  return builders.map(
    (builder) =>
      new MachineTemplate(scope, `Machines-${builder.type.key}`, {
        builder,
        farm: config.tag,
        table: parts.table.table,
        ...reachedBySsh(parts),
        ...registering(parts),
        ...(deploy.vpc !== undefined && { vpc: deploy.vpc }),
        ...(deploy.kmsKeys && { kmsKeys: deploy.kmsKeys }),
        ...(deploy.tags && { tags: deploy.tags }),
      }),
  );
}

/** Machines of all types, for further rules; nothing is made until somebody adds one. */
export function connectionsOf(
  scope: Construct,
  { builders }: Deployment,
  templates: readonly MachineTemplate[],
): Connections {
  const [port = 22, ...others] = new Set(builders.map(({ type }) => type.sshPort));
  return new Connections({
    securityGroups: templates.flatMap(({ node, securityGroups }) =>
      securityGroups
        .slice(0, 1)
        .map(({ attrGroupId }) => SecurityGroup.fromSecurityGroupId(scope, `Group-${node.id}`, attrGroupId)),
    ),
    ...(others.length === 0 && { defaultPort: Port.tcp(port) }),
  });
}

function reachedBySsh({ deployment, hydraHost }: FarmParts): Partial<MachineTemplateProps> {
  if (!servedQueueRunners(deployment).cpp) return {};
  const { deploy, given } = deployment;
  const queueRunnerKey = given.queueRunnerKey ?? hydraHost?.queueRunnerKey ?? deploy.queueRunnerKey;
  const written = (): string =>
    hydraHost?.securityGroup.attrGroupId ?? demanded('hydraSource', deploy.hydraSource);
  return {
    hydraSource: given.hydraSource ?? writtenPeer(written()),
    ...(queueRunnerKey !== undefined && { queueRunnerKey }),
  };
}

function registering({ deployment, hydraHost, entrance }: FarmParts): Partial<MachineTemplateProps> {
  const { entrance: written } = servedQueueRunners(deployment);
  if (written === undefined || entrance === undefined) return {};
  const { token, builderParameter, securityGroup } = entrance;
  const address = entranceAddress(written, hydraHost?.instance.attrPrivateIp);
  return {
    furtherGroups: [securityGroup],
    ...(token !== undefined && { registration: { address, token, builderParameter } }),
  };
}

/** The rules of the deployment have seen to it that this never throws. */
function demanded<V>(name: string, value: V | undefined): V {
  if (value === undefined) throw new TypeError(`deploy.${name} is missing`);
  return value;
}
