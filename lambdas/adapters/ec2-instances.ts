/** What EC2 says of our instances, in domain words. */
import { paginateDescribeInstances, paginateDescribeSpotInstanceRequests } from '@aws-sdk/client-ec2';
import type { EC2Client, Filter, Instance as Ec2Instance } from '@aws-sdk/client-ec2';
import type { Instance } from '../core/model.ts';
import { mustBeListed } from './ec2-answers.ts';
import { FARM_TAG, LAUNCH_TAG, TYPE_TAG, typeFromTagValue } from './tags.ts';

/** The largest page EC2 gives (AWS documentation). */
const PAGE_SIZE = 1000;
/** The most values EC2 takes in one filter (AWS documentation). */
const FILTER_VALUES = 200;

const STATES: ReadonlySet<string> = new Set<Instance['state']>([
  'pending',
  'running',
  'stopping',
  'stopped',
  'shutting-down',
  'terminated',
]);

/**
 * Every instance tagged with the farm, in every state. Asked by tag, never by id: one id that AWS has forgotten, or a
 * zone that is down, would spoil the whole answer.
 * @throws when AWS cannot be asked, or answers something that is no list.
 */
export async function describeFarm(ec2: EC2Client, farm: string): Promise<Instance[]> {
  const found = await describeInstances(ec2, [{ Name: `tag:${FARM_TAG}`, Values: [farm] }]);
  const interrupted = await interruptedIds(ec2, found.filter(isLiveSpot));
  return found.map((instance) => toInstance(instance, interrupted));
}

/** The instances of one launch that are there and not on their way out. @throws like {@link describeFarm}. */
export async function idsOfLaunch(ec2: EC2Client, farm: string, launchId: string): Promise<string[]> {
  const found = await describeInstances(ec2, [
    { Name: `tag:${FARM_TAG}`, Values: [farm] },
    { Name: `tag:${LAUNCH_TAG}`, Values: [launchId] },
    { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
  ]);
  return found.map((instance) => idOf(instance));
}

async function describeInstances(ec2: EC2Client, filters: Filter[]): Promise<Ec2Instance[]> {
  const found: Ec2Instance[] = [];
  for await (const page of paginateDescribeInstances(
    { client: ec2, pageSize: PAGE_SIZE },
    { Filters: filters },
  )) {
    const reservations = mustBeListed(page.Reservations, 'DescribeInstances');
    found.push(...reservations.flatMap((reservation) => reservation.Instances ?? []));
  }
  return found;
}

/** Ids of the spot instances AWS has announced to take away, or is taking. */
async function interruptedIds(ec2: EC2Client, spot: readonly Ec2Instance[]): Promise<Set<string>> {
  const interrupted = new Set<string>();
  for (let start = 0; start < spot.length; start += FILTER_VALUES) {
    const ids = spot.slice(start, start + FILTER_VALUES).map(idOf);
    const Filters = [{ Name: 'instance-id', Values: ids }];
    for await (const page of paginateDescribeSpotInstanceRequests(
      { client: ec2, pageSize: PAGE_SIZE },
      { Filters },
    )) {
      mustBeListed(page.SpotInstanceRequests, 'DescribeSpotInstanceRequests')
        .filter((request) => announcesInterruption(request.Status?.Code ?? ''))
        .forEach((request) => interrupted.add(request.InstanceId ?? ''));
    }
  }
  return interrupted;
}

/** Status codes of spot requests (AWS documentation); `…-by-user` is what we did ourselves. */
export const announcesInterruption = (statusCode: string): boolean =>
  /^(marked-for-|instance-(terminated|stopped)-)/.test(statusCode) && !statusCode.endsWith('-by-user');

const isLiveSpot = (instance: Ec2Instance): boolean =>
  instance.InstanceLifecycle === 'spot' &&
  !['shutting-down', 'terminated'].includes(instance.State?.Name ?? '');

function toInstance(from: Ec2Instance, interrupted: ReadonlySet<string>): Instance {
  const instanceId = idOf(from);
  const type = tagOf(from, TYPE_TAG);
  const launchId = tagOf(from, LAUNCH_TAG);
  return {
    instanceId,
    state: stateOf(from),
    ...(type === undefined ? {} : { type: typeFromTagValue(type) }),
    ...(launchId === undefined ? {} : { launchId }),
    ...(from.PrivateIpAddress === undefined ? {} : { address: from.PrivateIpAddress }),
    ...(from.LaunchTime === undefined ? {} : { startedAt: from.LaunchTime.getTime() / 1000 }),
    ...(from.InstanceType === undefined ? {} : { instanceType: from.InstanceType }),
    ...(from.SubnetId === undefined ? {} : { subnet: from.SubnetId }),
    market: from.InstanceLifecycle === 'spot' ? 'spot' : 'on-demand',
    interrupted: interrupted.has(instanceId),
  };
}

const tagOf = (instance: Ec2Instance, key: string): string | undefined =>
  instance.Tags?.find((tag) => tag.Key === key)?.Value;

function idOf(instance: Ec2Instance): string {
  if (instance.InstanceId === undefined) throw new Error('EC2 described an instance without an id');
  return instance.InstanceId;
}

function stateOf(instance: Ec2Instance): Instance['state'] {
  const state = instance.State?.Name;
  if (!isState(state)) {
    throw new Error(
      `EC2 says instance ${idOf(instance)} is "${String(state)}", a state this version does not know`,
    );
  }
  return state;
}

const isState = (state: string | undefined): state is Instance['state'] =>
  state !== undefined && STATES.has(state);
