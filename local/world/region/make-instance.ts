/** A new instance as a plan describes it, before anything has happened to it. */
import type { EpochSeconds } from '../../../lambdas/core/model/index.ts';
import type { Ids } from './ids.ts';
import type { MutableInstance } from './instance.ts';
import { templateTags, type LaunchPlan } from './launch-plan.ts';
import type { Network } from './network.ts';

export interface InstanceOrigin {
  readonly reservationId: string;
  readonly launchIndex: number;
  readonly clientToken?: string | undefined;
  readonly now: EpochSeconds;
  readonly visibleAt: EpochSeconds;
}

/** Takes an address of the plan's subnet. @throws RegionError `InsufficientFreeAddressesInSubnet` */
export function makeInstance(
  parts: { readonly ids: Ids; readonly network: Network },
  plan: LaunchPlan,
  origin: InstanceOrigin,
): MutableInstance {
  const { ids, network } = parts;
  const { now, ...rest } = origin;
  const address = network.takeAddress(plan.subnet);
  const tags = { ...templateTags(plan.template), ...plan.parameters.tags?.['instance'] };
  return {
    ...rest,
    instanceId: ids.resource('i'),
    parameters: plan.parameters,
    type: plan.type,
    image: plan.image,
    subnet: plan.subnet,
    market: plan.market,
    spotRequestId: plan.market === 'spot' ? ids.short('sir') : undefined,
    volumeId: ids.resource('vol'),
    networkInterfaceId: ids.resource('eni'),
    address,
    hostKey: plan.template?.template.hostKey ?? ids.hostKey(`root@ip-${address.replaceAll('.', '-')}`),
    firstLaunchedAt: now,
    state: 'pending',
    stateSince: now,
    startedAt: now,
    transitionReason: '',
    tags,
    bornTags: tags,
    terminationProtected: plan.parameters.terminationProtected ?? false,
    shutdownBehavior: plan.parameters.shutdownBehavior ?? 'stop',
    interrupted: false,
  };
}
