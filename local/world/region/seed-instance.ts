/** Instances that were there before anybody looked. */
import type { EpochSeconds } from '../../../lambdas/core/model/index.ts';
import type { Timeline } from '../timeline.ts';
import { RegionError } from './errors.ts';
import type { RegionInstance } from './instance.ts';
import type { Tags } from './launch-parameters.ts';
import { templateTags } from './launch-plan.ts';
import { makeInstance } from './make-instance.ts';
import type { Ids } from './ids.ts';
import type { Instances } from './instances.ts';
import type { LaunchTemplates } from './launch-templates.ts';
import type { Launcher } from './launcher.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Network } from './network.ts';
import { checkTags } from './tags.ts';

export interface SeedInstance {
  /** Made up when absent. */
  readonly instanceId?: string;
  readonly instanceType: string;
  readonly imageId: string;
  readonly subnetId?: string;
  readonly tags?: Tags;
  /** Name of the launch template that a fleet of somebody's launched it from; absent when it was launched without either. */
  readonly template?: string;
  /** A week ago when absent. */
  readonly startedAt?: EpochSeconds;
}

/** What of the region it takes. */
interface SeedParts {
  readonly timeline: Timeline;
  readonly ids: Ids;
  readonly network: Network;
  readonly instances: Instances;
  readonly templates: LaunchTemplates;
  readonly launcher: Launcher;
  readonly lifecycle: Lifecycle;
}

const WEEK_SECONDS = 7 * 86_400;

/** Adds a running, reachable on-demand instance. @throws RegionError for parameters no launch would pass */
export function seedInstance(region: SeedParts, seed: SeedInstance): RegionInstance {
  const { timeline, ids, instances, launcher, lifecycle } = region;
  if (seed.instanceId !== undefined && instances.find(seed.instanceId) !== undefined) {
    throw new RegionError('InvalidInstanceID.Duplicate', `The instance ${seed.instanceId} exists already`);
  }
  const { imageId, instanceType, subnetId, tags = {} } = seed;
  checkTags(tags);
  const plan = launcher.plan({ parameters: { imageId, instanceType, subnetId } });
  const instance = makeInstance(region, plan, {
    reservationId: ids.resource('r'),
    launchIndex: 0,
    now: seed.startedAt ?? timeline.now - WEEK_SECONDS,
    visibleAt: timeline.now,
  });
  instance.instanceId = seed.instanceId ?? instance.instanceId;
  instance.tags = { ...tags, ...marksOf(region, seed, instance.instanceId) };
  instance.bornTags = instance.tags;
  instances.add(instance);
  lifecycle.beginRunning(instance);
  return instance;
}

/** What AWS writes on it. */
function marksOf({ templates }: SeedParts, { template }: SeedInstance, instanceId: string): Tags {
  if (template === undefined) return {};
  const fleet = { 'aws:ec2:fleet-id': `fleet-00000000-0000-0000-0000-${instanceId.slice(-12)}` };
  return { ...templateTags(templates.resolve({ name: template })), ...fleet };
}
