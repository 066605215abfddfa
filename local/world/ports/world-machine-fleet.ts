/** The fleet of the simulated region, in process: the same region model as behind the HTTP endpoint, without the wire. */
import { messageOf } from '../../../lambdas/core/text/message-of.ts';
import { refusalFor } from '../../../lambdas/aws/errors.ts';
import {
  FARM_TAG,
  LAUNCH_TAG,
  TEMPLATE_MARK,
  TYPE_TAG,
  typeToTagValue,
} from '../../../lambdas/aws/ec2/tags.ts';
import { mistakeIn } from '../../../lambdas/aws/ec2/launch.ts';
import { instanceTypeIn, requirementsFor } from '../../../lambdas/aws/ec2/requirements.ts';
import type { MachineType } from '../../../lambdas/core/config/machine-type.ts';
import type { Prerequisites, VcpuQuota } from '../../../lambdas/core/doctor/finding.ts';
import type { Result } from '../../../lambdas/core/reason/result.ts';
import type { Launch, Market, Pool } from '../../../lambdas/core/model/index.ts';
import type {
  FleetView,
  FoundMachines,
  FoundTemplates,
  InstanceResult,
  LaunchResult,
  MachineFleet,
  Refusal,
} from '../../../lambdas/ports.ts';
import { toRequirements } from '../endpoint/ec2/requirements-input.ts';
import { RegionError } from '../region/errors.ts';
import type { FleetLaunch, FleetOption, FleetOrigin, FleetRefusal } from '../region/fleet-request.ts';
import type { Region } from '../region/region.ts';
import { describeFarm, findInstances, findTemplates } from './world-fleet-looks.ts';
import { imageFor, prerequisitesIn, vcpuQuotasIn } from './world-prerequisites.ts';

/** The token belongs to a launch that was carried out before. */
const USED_TOKEN: ReadonlySet<string> = new Set([
  'IdempotentParameterMismatch',
  'IdempotentInstanceTerminated',
]);

/** The calls by what they do. */
const ACTIONS = { start: 'StartInstances', stop: 'StopInstances', terminate: 'TerminateInstances' } as const;

export class WorldMachineFleet implements MachineFleet {
  readonly #region: Region;
  readonly #tag: string;

  constructor(region: Region, tag: string) {
    this.#region = region;
    this.#tag = tag;
  }

  describe(): Promise<FleetView> {
    return describeFarm(this.#region, this.#tag);
  }

  find(instanceIds: readonly string[]): Promise<FoundMachines> {
    return findInstances(this.#region, this.#tag, instanceIds);
  }

  templates(names: readonly string[]): Promise<FoundTemplates> {
    return findTemplates(this.#region, names);
  }

  async launch(launch: Launch, type: MachineType): Promise<LaunchResult> {
    const says = mistakeIn(launch, type);
    if (says !== undefined) return notLaunched({ kind: 'configuration', code: 'InvalidLaunch', says });
    try {
      const fleet = await this.#region.gate.call(
        { service: 'ec2', action: 'CreateFleet', input: launch, resources: launch.count },
        () => this.#region.fleets.create(this.#fleetRequest(launch, type)),
      );
      const instances = fleet.launches.flatMap((share) => share.instances);
      return {
        answered: true,
        instanceIds: instances.map(({ instanceId }) => instanceId),
        pools: new Map(fleet.launches.flatMap(originsOf)),
        refusals: fleet.refusals.map(toRefusal),
      };
    } catch (error) {
      if (!(error instanceof RegionError)) return { answered: false, reason: messageOf(error) };
      if (USED_TOKEN.has(error.code))
        return { answered: true, instanceIds: this.#idsOf(launch, type), pools: new Map(), refusals: [] };
      return notLaunched(refusalFor(error.code, error.message, { deed: 'launch' }));
    }
  }

  #idsOf(launch: Launch, { launchTemplate }: MachineType): readonly string[] {
    const { instances, templates, timeline } = this.#region;
    const template = templates.all.find(({ name }) => name === launchTemplate);
    return instances
      .visible(timeline.now)
      .filter(({ tags, state }) => tags[LAUNCH_TAG] === launch.id && state !== 'terminated')
      .filter(({ tags }) => template !== undefined && tags[TEMPLATE_MARK] === template.id)
      .map(({ instanceId }) => instanceId);
  }

  start(instanceIds: readonly string[]): Promise<readonly InstanceResult[]> {
    return this.#each('start', instanceIds, (id) => this.#region.power.start([id]));
  }

  stop(instanceIds: readonly string[]): Promise<readonly InstanceResult[]> {
    return this.#each('stop', instanceIds, (id) => this.#region.power.stop([id]));
  }

  terminate(instanceIds: readonly string[]): Promise<readonly InstanceResult[]> {
    return this.#each('terminate', instanceIds, (id) => this.#region.power.terminate([id]));
  }

  prerequisites(type: MachineType): Promise<Prerequisites> {
    return prerequisitesIn(this.#region, type);
  }

  vcpuQuotas(markets: readonly Market[]): Promise<ReadonlyMap<Market, Result<VcpuQuota>>> {
    return Promise.resolve(vcpuQuotasIn(this.#region, markets));
  }

  async #each(
    deed: keyof typeof ACTIONS,
    instanceIds: readonly string[],
    effect: (instanceId: string) => unknown,
  ): Promise<readonly InstanceResult[]> {
    const { gate } = this.#region;
    const action = ACTIONS[deed];
    const one = async (instanceId: string): Promise<InstanceResult> => {
      try {
        await gate.call({ service: 'ec2', action, input: { InstanceIds: [instanceId] }, resources: 1 }, () =>
          effect(instanceId),
        );
        return { instanceId };
      } catch (error) {
        const code = error instanceof RegionError ? error.code : 'NoAnswer';
        return { instanceId, refusal: refusalFor(code, messageOf(error), { deed }) };
      }
    };
    return Promise.all(instanceIds.map(one));
  }

  #fleetRequest(launch: Launch, type: MachineType): Parameters<Region['fleets']['create']>[0] {
    const isSpot = launch.pools[0]?.market === 'spot';
    const imageId = imageFor(this.#region, type);
    return {
      options: launch.pools.map(({ instanceType, subnet, market }, priority) => ({
        template: { name: type.launchTemplate, version: '$Latest' },
        override: {
          ...{ imageId, market },
          ...(instanceType === '' ? {} : { instanceType }),
          ...(subnet === '' ? {} : { subnetId: subnet }),
        },
        ...(instanceType === '' ? choiceOf(type, launch) : { priority }),
      })),
      onDemandCount: isSpot ? 0 : launch.count,
      spotCount: isSpot ? launch.count : 0,
      order: { 'on-demand': launch.pools[0]?.instanceType === '' ? 'price' : 'priority', spot: 'price' },
      tags: {
        instance: { [FARM_TAG]: this.#tag, [TYPE_TAG]: typeToTagValue(launch.type), [LAUNCH_TAG]: launch.id },
      },
      clientToken: launch.id,
    };
  }
}

const notLaunched = (refusal: Refusal): LaunchResult => ({
  answered: true,
  instanceIds: [],
  pools: new Map(),
  refusals: [refusal],
});

/** What EC2 chooses by, as it would be sent. */
const choiceOf = (
  { instanceRequirements }: MachineType,
  { without }: Launch,
): Pick<FleetOption, 'requirements'> =>
  instanceRequirements === undefined
    ? {}
    : { requirements: toRequirements(requirementsFor(instanceRequirements, without)) };

/** The pool a share of a fleet came from; undefined where its template says which. @param chosen by EC2, where it did. */
function poolOf({ option, market }: FleetOrigin, chosen: string | undefined): Pool | undefined {
  const { subnetId = '' } = option.override;
  const instanceType = option.override.instanceType ?? (option.requirements && (chosen ?? ''));
  return instanceType === undefined ? undefined : { instanceType, subnet: subnetId, market };
}

const toRefusal = (refusal: FleetRefusal): Refusal => {
  const { code, message } = refusal.error;
  return refusalFor(code, message, { pool: poolOf(refusal, instanceTypeIn(message)), deed: 'launch' });
};

function originsOf(share: FleetLaunch): [string, Pool][] {
  const pool = poolOf(share, share.plan.type.name);
  return pool === undefined ? [] : share.instances.map(({ instanceId }) => [instanceId, pool]);
}
