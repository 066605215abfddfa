/** The launch template of each machine type, and what of the whole farm it needs. */
import type { Construct } from 'constructs';
import type { BuilderEntrance } from './builder-entrance.ts';
import type { Deployment } from './deployment.ts';
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

function reachedBySsh({ deployment, hydraHost }: FarmParts): Partial<MachineTemplateProps> {
  if (!servedQueueRunners(deployment).cpp) return {};
  const { deploy } = deployment;
  const queueRunnerKey = hydraHost?.queueRunnerKey ?? deploy.queueRunnerKey;
  return {
    hydraSource: hydraHost?.securityGroup.attrGroupId ?? demanded('hydraSource', deploy.hydraSource),
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
