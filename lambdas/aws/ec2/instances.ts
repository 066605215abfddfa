/** What EC2 says of our instances, in domain words. */
import { paginateDescribeInstances, paginateDescribeSpotInstanceRequests } from '@aws-sdk/client-ec2';
import type { EC2Client, Filter, Instance as Ec2Instance } from '@aws-sdk/client-ec2';
import { messageOf } from '../../core/text/message-of.ts';
import type { Instance, StateReason } from '../../core/model/index.ts';
import type { FleetView, FoundMachines } from '../../ports.ts';
import { awsErrorCode } from '../errors.ts';
import { mustBeListed } from '../answers.ts';
import { findById } from './find.ts';
import type { Asked } from './find.ts';
import { SideProblems } from '../side-problems.ts';
import { FARM_TAG, FLEET_MARK, LAUNCH_TAG, TEMPLATE_MARK, TYPE_TAG, typeFromTagValue } from './tags.ts';

/** The largest page EC2 gives (AWS: docs/develop/facts.md#ec2-pages-of-instances). */
const PAGE_SIZE = 1000;
/** The most values EC2 takes in one filter (AWS: docs/develop/facts.md#ec2-a-filter-takes-200-values). */
const FILTER_VALUES = 200;

/** Longest state reason that is kept; EC2's are a sentence. */
const REASON_CODE_CHARACTERS = 100;
const REASON_CHARACTERS = 300;

const STATES: ReadonlySet<string> = new Set<Exclude<Instance['state'], 'unknown'>>([
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
 * @throws when AWS cannot be asked for instances, or answers something that is not a list.
 */
export async function describeFarm(ec2: EC2Client, farm: string): Promise<FleetView> {
  const problems = new SideProblems();
  const found = await describeInstances(ec2, { Filters: [{ Name: `tag:${FARM_TAG}`, Values: [farm] }] });
  return { instances: await toInstances(ec2, found, problems), problems: problems.all };
}

/** The instances with these ids, whatever tags they bear. Never throws. */
export async function findInstances(
  ec2: EC2Client,
  farm: string,
  instanceIds: readonly string[],
): Promise<FoundMachines> {
  const problems = new SideProblems();
  const { found, denied } = await findById(instanceIds, async (InstanceIds): Promise<Asked<Ec2Instance>> => {
    try {
      return { found: await describeInstances(ec2, { InstanceIds }) };
    } catch (error) {
      if (awsErrorCode(error) === 'InvalidInstanceID.NotFound') return { notFound: messageOf(error) };
      problems.add('DescribeInstances', error);
      return { failed: true };
    }
  });
  const ours = new Set(found.filter((instance) => tagOf(instance, FARM_TAG) === farm).map(idOf));
  const instances = (await toInstances(ec2, found, problems)).map((instance) =>
    ours.has(instance.instanceId) ? instance : { ...instance, untagged: true as const },
  );
  return { instances, denied, problems: problems.all };
}

/**
 * The instances of one launch that are there and not on their way out: its tag could be on anything, so only those count
 * that a fleet launched from its template. @throws like {@link describeFarm}.
 */
export async function idsOfLaunch(
  ec2: EC2Client,
  farm: string,
  { id, templateId }: { readonly id: string; readonly templateId: string },
): Promise<string[]> {
  const found = await describeInstances(ec2, {
    Filters: [
      { Name: `tag:${FARM_TAG}`, Values: [farm] },
      { Name: `tag:${LAUNCH_TAG}`, Values: [id] },
      { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
    ],
  });
  return found.filter((instance) => templateOf(instance) === templateId).map(idOf);
}

/**
 * Ids and a page size exclude each other (AWS: docs/develop/facts.md#ec2-pages-of-instances).
 * @throws also for an instance without an id.
 */
async function describeInstances(
  ec2: EC2Client,
  asked: { readonly Filters: Filter[] } | { readonly InstanceIds: string[] },
): Promise<Ec2Instance[]> {
  const found: Ec2Instance[] = [];
  const size = 'Filters' in asked ? { pageSize: PAGE_SIZE } : {};
  for await (const page of paginateDescribeInstances({ client: ec2, ...size }, asked)) {
    for (const reservation of mustBeListed(page.Reservations, 'DescribeInstances'))
      found.push(...mustBeListed(reservation.Instances, 'DescribeInstances'));
  }
  found.forEach(idOf);
  return found;
}

/** In domain words; notes what could not be asked about them, and what of them is not understood. */
async function toInstances(
  ec2: EC2Client,
  found: readonly Ec2Instance[],
  problems: SideProblems,
): Promise<Instance[]> {
  const interrupted = await interruptedIds(ec2, found.filter(isLiveSpot)).catch((error: unknown) => {
    problems.add('DescribeSpotInstanceRequests', error);
    return undefined;
  });
  for (const { InstanceId, State } of found.filter((instance) => !isState(instance.State?.Name)))
    problems.note(`state of ${String(InstanceId)}`, {
      says: `EC2 says instance ${String(InstanceId)} is "${String(State?.Name)}", a state this version does not know: it counts, and nothing is done to it`,
    });
  return found.map((instance) => toInstance(instance, interrupted));
}

/** Ids of the spot instances AWS has announced it will take away, or is taking. */
async function interruptedIds(ec2: EC2Client, spot: readonly Ec2Instance[]): Promise<ReadonlySet<string>> {
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

/**
 * Status codes of spot requests (AWS: docs/develop/facts.md#ec2-status-codes-of-spot-requests); `…-by-user` is what
 * we did ourselves.
 */
export const announcesInterruption = (statusCode: string): boolean =>
  /^(marked-for-|instance-(terminated|stopped)-)/.test(statusCode) && !statusCode.endsWith('-by-user');

const isLiveSpot = (instance: Ec2Instance): boolean =>
  instance.InstanceLifecycle === 'spot' &&
  !['shutting-down', 'terminated'].includes(instance.State?.Name ?? '');

/** @param interrupted ids of those that AWS takes; undefined when it could not be asked. */
function toInstance(from: Ec2Instance, interrupted: ReadonlySet<string> | undefined): Instance {
  const instanceId = idOf(from);
  const type = tagOf(from, TYPE_TAG);
  const launchId = tagOf(from, LAUNCH_TAG);
  const templateId = templateOf(from);
  const state = from.State?.Name;
  const isAsked = interrupted !== undefined || !isLiveSpot(from);
  return {
    instanceId,
    state: isState(state) ? state : 'unknown',
    ...stateReasonOf(from),
    ...(type === undefined ? {} : { type: typeFromTagValue(type) }),
    ...(launchId === undefined ? {} : { launchId }),
    ...(templateId === undefined ? {} : { templateId }),
    ...(from.PrivateIpAddress === undefined ? {} : { address: from.PrivateIpAddress }),
    ...(from.LaunchTime === undefined ? {} : { startedAt: from.LaunchTime.getTime() / 1000 }),
    ...(from.InstanceType === undefined ? {} : { instanceType: from.InstanceType }),
    ...(from.SubnetId === undefined ? {} : { subnet: from.SubnetId }),
    ...(from.Placement?.AvailabilityZone === undefined ? {} : { zone: from.Placement.AvailabilityZone }),
    market: from.InstanceLifecycle === 'spot' ? 'spot' : 'on-demand',
    ...(isAsked ? { interrupted: interrupted?.has(instanceId) ?? false } : {}),
  };
}

function stateReasonOf({ StateReason }: Ec2Instance): { readonly stateReason?: StateReason } {
  if (StateReason?.Code === undefined || StateReason.Code === '') return {};
  const code = StateReason.Code.slice(0, REASON_CODE_CHARACTERS);
  return { stateReason: { code, message: (StateReason.Message ?? '').slice(0, REASON_CHARACTERS) } };
}

/** Undefined for one that no fleet launched. */
const templateOf = (instance: Ec2Instance): string | undefined =>
  tagOf(instance, FLEET_MARK) === undefined ? undefined : tagOf(instance, TEMPLATE_MARK);

const tagOf = (instance: Ec2Instance, key: string): string | undefined =>
  instance.Tags?.find((tag) => tag.Key === key)?.Value;

function idOf(instance: Ec2Instance): string {
  if (instance.InstanceId === undefined) throw new Error('EC2 described an instance without an id');
  return instance.InstanceId;
}

const isState = (state: string | undefined): state is Instance['state'] =>
  state !== undefined && STATES.has(state);
