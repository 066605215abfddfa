/** Rules 5 and 8: what is recorded, and what is said. */
import type { Instance, Launch } from '../model/index.ts';
import { exists, isHalfMissing, seenAs } from './facts.ts';
import type { Facts } from './facts.ts';

/** EC2's idempotency tokens (AWS: docs/develop/facts.md#ec2-idempotency-tokens). */
const TOKEN = /^[\x21-\x7e]{1,64}$/;
/** A launch that has gone without an answer for less than this, in seconds, may still have happened. */
const YOUNG_LAUNCH_SECONDS = 300;
/** In this many looks before this one, and for this long, in seconds, EC2 must not have shown what is forgotten. */
const DENIED_LOOKS = 2;
const DENIED_SECONDS = 240;

/**
 * Rule 5: every launch is saved before it is sent, under a token of its own; every instance has a record, if EC2 marks it
 * as ours.
 */
export function noOrphanNoDouble(facts: Facts): readonly string[] {
  const { plan } = facts;
  return [
    ...badLaunches(facts),
    ...lostLaunches(facts),
    ...lostInstances(facts),
    ...strangers(facts),
    ...doubles(
      plan.actions.flatMap((action) => (action.kind === 'launch' ? [] : [action.instanceId])),
      'would be acted on twice',
    ),
    ...doubles(
      plan.machines.map(({ instanceId }) => instanceId),
      'would have two records',
    ),
  ];
}

function badLaunches({ observation: { state, instances }, plan }: Facts): readonly string[] {
  const saved = new Set(plan.launches.map(({ id }) => id));
  const before = new Map(state.launches.map((launch) => [launch.id, launch]));
  const used = new Set([...instances, ...state.machines].map(({ launchId }) => launchId));
  const sent = plan.actions.flatMap((action) => (action.kind === 'launch' ? [action.launch] : []));
  const faults = (launch: Launch): [boolean, string][] => [
    [!saved.has(launch.id), 'would be sent without being saved'],
    [!TOKEN.test(launch.id), 'has an id that is no EC2 client token'],
    [!Number.isInteger(launch.count) || launch.count < 1, `asks for ${launch.count} machines`],
    [launch.pools.length === 0, 'names no pool'],
    [isChanged(before.get(launch.id), launch), 'would be sent again with other words under the same token'],
    [!before.has(launch.id) && used.has(launch.id), 'uses a token that was used before'],
  ];
  return [
    ...sent.flatMap((launch) =>
      faults(launch).flatMap(([isFault, what]) => (isFault ? [`launch ${launch.id} ${what}`] : [])),
    ),
    ...doubles(
      sent.map(({ id }) => id),
      'is the token of two launches',
    ),
  ];
}

const isChanged = (before: Launch | undefined, now: Launch): boolean =>
  before !== undefined && JSON.stringify(before) !== JSON.stringify(now);

function lostLaunches({ observation: { state, now }, plan }: Facts): readonly string[] {
  const kept = new Set(plan.launches.map(({ id }) => id));
  return state.launches
    .filter(({ id }) => !kept.has(id))
    .filter(
      ({ id, requestedAt }) => !plan.closedLaunches.includes(id) || now - requestedAt < YOUNG_LAUNCH_SECONDS,
    )
    .map(({ id }) => `launch ${id}, which has no answer yet, would be forgotten`);
}

/** The Hydra host is not a machine, so nothing of it is remembered. */
function lostInstances(facts: Facts): readonly string[] {
  const { observation, plan, before, instances, config } = facts;
  const { state } = observation;
  const hostId = config.host.instanceId;
  const recorded = new Set<string | undefined>([
    ...plan.machines.map(({ instanceId }) => instanceId),
    ...(state.unreadable ?? []).map(({ instanceId }) => instanceId),
  ]);
  return [
    ...observation.instances
      .filter((instance) => exists(instance) && !recorded.has(instance.instanceId))
      .filter(({ instanceId }) => instanceId !== hostId)
      .filter((instance) => before.has(instance.instanceId) || !mayWait(facts, instance))
      .map(({ instanceId }) => `instance ${instanceId} would have no record`),
    ...state.machines
      .filter(({ instanceId }) => !recorded.has(instanceId) && !plan.closedMachines.has(instanceId))
      .map(({ instanceId }) => `the record of ${instanceId} would be lost without a reason`),
    ...[...plan.closedMachines.keys()]
      .filter((id) => id !== hostId && (recorded.has(id) || exists(instances.get(id))))
      .map((id) => `the record of ${id} would be closed although it exists`),
    ...[...plan.closedMachines.keys()]
      .filter((id) => id !== hostId && !instances.has(id) && !isDeniedForLong(facts, id))
      .map((id) => `the record of ${id} would be closed although EC2 has not denied it for long`),
  ];
}

/** Whoever may tag could have them build for us. */
function strangers(facts: Facts): readonly string[] {
  const { plan, before, instances } = facts;
  return plan.machines
    .filter(({ instanceId }) => !before.has(instanceId) && !isMarkedAsOurs(facts, instances.get(instanceId)))
    .map(
      ({ instanceId }) => `would adopt ${instanceId}, which EC2 does not mark as launched from our templates`,
    );
}

function isMarkedAsOurs({ observation: { state, templates = [] } }: Facts, instance?: Instance): boolean {
  const ours = new Set([...(state.farm.templates ?? []), ...templates].map(({ id }) => id));
  return instance?.templateId !== undefined && ours.has(instance.templateId);
}

/** What EC2 merely does not show may be there: it has to say so of this very id, and to have missed it for minutes before. */
function isDeniedForLong({ observation, before }: Facts, id: string): boolean {
  const { missing } = before.get(id) ?? {};
  if (missing === undefined || !observation.denied.has(id)) return false;
  return missing.looks >= DENIED_LOOKS && observation.now - missing.since >= DENIED_SECONDS;
}

/** An instance without a record may be a stranger, or at work for all we know: it is adopted when the queue runner can tell. */
function mayWait(facts: Facts, instance: Instance): boolean {
  const { queue } = facts.observation;
  const { state } = instance;
  if (!isMarkedAsOurs(facts, instance)) return true;
  if (state !== 'running') return state === 'unknown';
  if (!queue.trusted || isHalfMissing(facts)) return true;
  return queue.stepsFinishing !== 0 && seenAs(facts, instance) !== undefined;
}

function doubles(ids: readonly string[], what: string): readonly string[] {
  const seen = new Set<string>();
  return ids.flatMap((id) => {
    const isDouble = seen.has(id);
    seen.add(id);
    return isDouble ? [`${id} ${what}`] : [];
  });
}

/** Rule 8: every action, type, machine and instance has a reason a person can read. */
export function everythingHasAReason({ config, observation, plan }: Facts): readonly string[] {
  const said = new Set(
    plan.decisions.map(({ subject }) => ('machine' in subject ? subject.machine : subject.type)),
  );
  const machines = [
    ...plan.machines.map(({ instanceId }) => instanceId),
    ...plan.closedMachines.keys(),
    ...observation.instances.filter(exists).map(({ instanceId }) => instanceId),
  ];
  return [
    ...plan.actions.filter(({ reason }) => reason.trim() === '').map(({ kind }) => `a ${kind} has no reason`),
    ...plan.decisions
      .filter(({ reason }) => reason.trim() === '')
      .map(({ verdict }) => `the decision "${verdict}" has no reason`),
    ...config.machineTypes
      .filter(({ key }) => !said.has(key))
      .map(({ key }) => `nothing is said of type ${key}`),
    ...[...new Set(machines)].filter((id) => !said.has(id)).map((id) => `nothing is said of machine ${id}`),
  ];
}
