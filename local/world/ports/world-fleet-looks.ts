/** What the fleet of the simulated region sees: the same questions, under the same names, as the adapter to EC2 asks. */
import { findById } from '../../../lambdas/aws/ec2/find.ts';
import type { Asked } from '../../../lambdas/aws/ec2/find.ts';
import { SideProblems } from '../../../lambdas/aws/side-problems.ts';
import {
  FARM_TAG,
  FLEET_MARK,
  LAUNCH_TAG,
  TEMPLATE_MARK,
  TYPE_TAG,
  typeFromTagValue,
} from '../../../lambdas/aws/ec2/tags.ts';
import { messageOf } from '../../../lambdas/core/text/message-of.ts';
import type { Instance } from '../../../lambdas/core/model/index.ts';
import type { FleetView, FoundMachines, FoundTemplates } from '../../../lambdas/ports.ts';
import { RegionError } from '../region/errors.ts';
import type { RegionInstance } from '../region/instance.ts';
import type { Region } from '../region/region.ts';

const NOT_FOUND = 'InvalidInstanceID.NotFound';

/** @throws what the region refuses. */
export async function describeFarm(region: Region, tag: string): Promise<FleetView> {
  const { gate, instances, timeline, listings } = region;
  const problems = new SideProblems();
  const input = { Filters: [{ Name: `tag:${FARM_TAG}`, Values: [tag] }] };
  const found = await gate.call({ service: 'ec2', action: 'DescribeInstances', input }, () => {
    const ours = instances.visible(timeline.now).filter(({ tags }) => tags[FARM_TAG] === tag);
    return listings.shown(ours, false).map(toInstance);
  });
  return { instances: await withAnnouncements(region, found, problems), problems: problems.all };
}

/** Never throws. */
export async function findInstances(
  region: Region,
  tag: string,
  instanceIds: readonly string[],
): Promise<FoundMachines> {
  const { gate, instances, timeline, listings } = region;
  const problems = new SideProblems();
  const { found, denied } = await findById(instanceIds, async (ids): Promise<Asked<Instance>> => {
    try {
      const request = { service: 'ec2', action: 'DescribeInstances', input: { InstanceIds: ids } } as const;
      const shown = await gate.call(request, () =>
        listings
          .shown(instances.require(ids, timeline.now), true)
          .map((instance) =>
            instance.tags[FARM_TAG] === tag
              ? toInstance(instance)
              : { ...toInstance(instance), untagged: true as const },
          ),
      );
      return { found: shown };
    } catch (error) {
      if (error instanceof RegionError && error.code === NOT_FOUND) return { notFound: error.message };
      note(problems, 'DescribeInstances', error);
      return { failed: true };
    }
  });
  const seen = await withAnnouncements(region, found, problems);
  return { instances: seen, denied, problems: problems.all };
}

/** Never throws. */
export async function findTemplates(
  { gate, templates }: Region,
  names: readonly string[],
): Promise<FoundTemplates> {
  const problems = new SideProblems();
  const action = 'DescribeLaunchTemplates';
  const input = { Filters: [{ Name: 'launch-template-name', Values: names }] };
  try {
    const found = await gate.call({ service: 'ec2', action, input }, () =>
      templates.all.filter(({ name }) => names.includes(name)),
    );
    return { templates: found.map(({ name, id }) => ({ name, id })), problems: [] };
  } catch (error) {
    note(problems, action, error);
    return { problems: problems.all };
  }
}

/** Without a word on what AWS takes, where spot requests cannot be asked. */
async function withAnnouncements(
  { gate }: Region,
  found: readonly Instance[],
  problems: SideProblems,
): Promise<readonly Instance[]> {
  const spot = found.filter(({ market, state }) => market === 'spot' && !isGone(state));
  if (spot.length === 0) return found;
  const action = 'DescribeSpotInstanceRequests';
  const input = { Filters: [{ Name: 'instance-id', Values: spot.map(({ instanceId }) => instanceId) }] };
  try {
    await gate.call({ service: 'ec2', action, input }, () => undefined);
    return found;
  } catch (error) {
    note(problems, action, error);
    return found.map(({ interrupted, ...instance }) =>
      spot.some(({ instanceId }) => instanceId === instance.instanceId)
        ? instance
        : { ...instance, ...(interrupted === undefined ? {} : { interrupted }) },
    );
  }
}

export function note(problems: SideProblems, call: string, error: unknown): void {
  if (error instanceof RegionError) problems.refused(call, { code: error.code, says: error.message });
  else problems.note(`${call} unanswered`, { says: `${call} failed: ${messageOf(error)}` });
}

const isGone = (state: Instance['state']): boolean => state === 'shutting-down' || state === 'terminated';

function toInstance(instance: RegionInstance): Instance {
  const { instanceId, state, tags, address, startedAt, type, subnet, market, interrupted } = instance;
  const [typeTag, launchTag] = [tags[TYPE_TAG], tags[LAUNCH_TAG]];
  const templateId = tags[FLEET_MARK] === undefined ? undefined : tags[TEMPLATE_MARK];
  return {
    instanceId,
    state,
    market,
    interrupted,
    startedAt,
    instanceType: type.name,
    subnet: subnet.subnetId,
    zone: subnet.zone,
    ...(instance.stateReason === undefined ? {} : { stateReason: instance.stateReason }),
    ...(isGone(state) ? {} : { address }),
    ...(typeTag === undefined ? {} : { type: typeFromTagValue(typeTag) }),
    ...(launchTag === undefined ? {} : { launchId: launchTag }),
    ...(templateId === undefined ? {} : { templateId }),
  };
}
